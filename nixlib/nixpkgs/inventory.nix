# The packages of a Python package set. The result:
# - `names`: the names of all packages, in normal form, without evaluating them
# - `packages names`: for each name the package, or `null`
# - `closure names`: for each name and each that these depend on the same
#
# A package has `attribute`, `called` (its own name in normal form), `version`, `requires` and
# `extras`, lists of names, and `defect`, the reason why it is not available. One that cannot be
# evaluated has only the first and the last; an extra that cannot be evaluated is missing.
#
# Nix cannot catch every error: a missing attribute aborts the evaluation. To find the extras that
# cause this:
# - `extraNames names`: for each name the package, with empty extras
# - `extra [ name extra ]`: the package, with only this extra
{ lib, normalName }:

# The interpreter.
python:

let
  set = python.pkgs;

  # Of two attributes with the same normal form, the normal one, which comes first.
  attributes = lib.listToAttrs (
    map (attribute: lib.nameValuePair (normalName attribute) attribute) (lib.attrNames set)
  );

  # A module for this interpreter; not one for another, not a program written in Python, not the
  # interpreter. Interpreters are compared by their library folders, because comparing derivations
  # would evaluate them.
  isModule =
    value:
    lib.isDerivation value
    && (value.pythonModule.libPrefix or null) == python.libPrefix
    && !(value ? pythonVersion);

  nameOf = drv: normalName (drv.pname or (lib.removePrefix "${python.libPrefix}-" (lib.getName drv)));

  # Some have only a name that includes the version.
  versionOf =
    drv:
    let
      version = drv.version or (lib.getVersion drv);
    in
    if version == "" then null else version;

  # Derivations throw for many reasons: an unsupported interpreter, a removed name.
  attempt =
    value:
    let
      tried = builtins.tryEval (builtins.deepSeq value value);
    in
    if tried.success then tried.value else null;

  isCalled =
    name: attribute: attempt (isModule set.${attribute} && nameOf set.${attribute} == name) == true;

  # The attribute of a package: that of its name, or else one that contains the name, of a package
  # with this name (`pygobject3` is PyGObject).
  find =
    name:
    attributes.${name} or (lib.findFirst (isCalled name) null (
      map (known: attributes.${known}) (lib.filter (lib.hasInfix name) (lib.attrNames attributes))
    ));

  # Other propagated inputs are not Python packages, or cannot be required.
  dependencies =
    drvs:
    lib.unique (
      lib.filter (name: find name != null) (map nameOf (lib.filter isModule (lib.flatten drvs)))
    );

  defect =
    meta:
    if meta.broken or false then
      "nixpkgs marks it as broken"
    else if meta.unsupported or false then
      "nixpkgs does not support it on this system"
    else if meta.insecure or false then
      "nixpkgs marks it as insecure"
    else
      null;

  extrasOf =
    drv:
    let
      tried = builtins.tryEval (drv.optional-dependencies or { });
    in
    if tried.success && lib.isAttrs tried.value then tried.value else { };

  # From the extras of a package (by name, lists of derivations) to lists of names.
  allExtras =
    extras:
    lib.filterAttrs (_: names: names != null) (
      lib.mapAttrs (_: drvs: attempt (dependencies drvs)) extras
    );

  describeWith =
    readExtras: name:
    let
      attribute = find name;
      drv = set.${attribute};
      isPackage = builtins.tryEval (isModule drv);
      described = attempt {
        inherit attribute;
        version = versionOf drv;
        called = nameOf drv;
        requires = lib.remove name (dependencies (drv.propagatedBuildInputs or [ ]));
        extras = readExtras (extrasOf drv);
        defect = defect (drv.meta or { });
      };
    in
    if attribute == null || (isPackage.success && !isPackage.value) then
      null
    else if isPackage.success && described != null then
      described
    else
      {
        inherit attribute;
        defect = "nixpkgs cannot evaluate it for ${python.executable}";
      };

  describe = describeWith allExtras;

  item = name: {
    key = name;
    package = describe name;
  };

in
{
  names = lib.attrNames attributes;
  packages = names: lib.genAttrs names describe;
  extraNames = names: lib.genAttrs names (describeWith (lib.mapAttrs (_: _: [ ])));
  extra =
    nameAndExtra:
    lib.genAttrs [ (lib.head nameAndExtra) ] (
      describeWith (
        extras: allExtras (builtins.intersectAttrs { ${lib.last nameAndExtra} = null; } extras)
      )
    );
  closure =
    names:
    lib.listToAttrs (
      map (found: lib.nameValuePair found.key found.package) (
        builtins.genericClosure {
          startSet = map item (lib.unique names);
          operator = found: map item (found.package.requires or [ ]);
        }
      )
    );
}
