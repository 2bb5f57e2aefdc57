# What a Python package set has. The result:
# - `names`: the names of everything there is, in normal form; nothing is evaluated for them
# - `packages names`: for each name the package, or `null`
# - `closure names`: for each name and each that these depend on the same
#
# A package has `attribute`, `called` (what it calls itself, in normal form), `version`, `requires` and `extras`, lists of
# names, and `defect`, why it cannot be had. One that cannot be evaluated has only the first and the last.
{ lib }:

let
  normalName = import ./normalName.nix { inherit lib; };
in
# The interpreter.
python:

let
  set = python.pkgs;

  # Two attributes of one normal form: the one that is in it, which comes first.
  attributes = lib.listToAttrs (
    map (attribute: lib.nameValuePair (normalName attribute) attribute) (lib.attrNames set)
  );

  # A module for this interpreter; not one for another, not a program that is written in Python, not the interpreter.
  # Interpreters are told by their folder of libraries: to compare derivations is to evaluate them.
  isModule =
    value:
    lib.isDerivation value
    && (value.pythonModule.libPrefix or null) == python.libPrefix
    && !(value ? pythonVersion);

  nameOf = drv: normalName (drv.pname or (lib.removePrefix "${python.libPrefix}-" (lib.getName drv)));

  # Derivations throw for many reasons: an interpreter that they do not support, a name that was given up.
  attempt =
    value:
    let
      tried = builtins.tryEval (builtins.deepSeq value value);
    in
    if tried.success then tried.value else null;

  isCalled =
    name: attribute: attempt (isModule set.${attribute} && nameOf set.${attribute} == name) == true;

  # The attribute of a package: that of its name, or else one that has the name in it, of a package which is called so
  # (`pygobject3` is PyGObject).
  find =
    name:
    attributes.${name} or (lib.findFirst (isCalled name) null (
      map (known: attributes.${known}) (lib.filter (lib.hasInfix name) (lib.attrNames attributes))
    ));

  # What else nixpkgs propagates is no Python package, or one that nobody could ask for.
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

  describe =
    name:
    let
      attribute = find name;
      drv = set.${attribute};
      isPackage = builtins.tryEval (isModule drv);
      described = attempt {
        inherit attribute;
        inherit (drv) version;
        called = nameOf drv;
        requires = lib.remove name (dependencies (drv.propagatedBuildInputs or [ ]));
        extras = lib.mapAttrs (_: dependencies) (drv.optional-dependencies or { });
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

  item = name: {
    key = name;
    package = describe name;
  };

in
{
  names = lib.attrNames attributes;
  packages = names: lib.genAttrs names describe;
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
