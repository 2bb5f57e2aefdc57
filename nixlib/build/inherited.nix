# The attributes that a package built from a locked source inherits from nixpkgs' definition; see
# docs/decisions/0011-inherited-from-nixpkgs.md.
{
  lib,
  compat,
  isModule,
}:

let
  # Python packages come from the lock.
  native = lib.filter (input: !(isModule input));

  untested = {
    checkInputs = [ ];
    nativeCheckInputs = [ ];
    pythonImportsCheck = [ ];
  };

  # Attributes for the layout of nixpkgs' own source, or for other ways to build and test. In a
  # derivation, null is equivalent to absent.
  dropped = lib.genAttrs [
    "buildAndTestSubdir"
    "cargoDeps"
    "cargoRoot"
    "dontBuild"
    "dontUnpack"
    "installPhase"
    "postUnpack"
    "preUnpack"
    "setSourceRoot"
    "sourceRoot"
    "srcs"
    "unpackPhase"
  ] (_: null);

  # The hook that provides nixpkgs' own crates to cargo; with these attributes it does nothing.
  withoutCargoHook = {
    dontCargoSetupPostUnpack = true;
    cargoVendorDir = ".";
  };

  empty = compat.withoutInputs // {
    disabled = false;
  };

  # Patches and replacements are made for a single version. For other versions they are applied as
  # far as they fit, but not if a later release includes them or the code differs.
  patchPhase = patches: ''
    (runHook prePatch) || echo "nixpkgs' prePatch does not fit this version"
    ${lib.concatMapStrings (patch: ''
      if patch -p1 --dry-run --force --silent < ${patch} > /dev/null; then
        echo "applying nixpkgs' patch ${baseNameOf (toString patch)}"
        patch -p1 --force < ${patch}
      else
        echo "nixpkgs' patch ${baseNameOf (toString patch)} does not fit this version"
      fi
    '') patches}
    (runHook postPatch) || echo "nixpkgs' postPatch does not fit this version"
  '';
in
{
  # nixpkgs' definition of a package, or null.  Names that nixpkgs has removed throw.
  definition =
    python: name:
    let
      found = builtins.tryEval (
        let
          drv = python.pkgs.${name} or null;
        in
        if lib.isDerivation drv && drv ? overridePythonAttrs then drv else null
      );
    in
    if found.success then found.value else null;

  attributes =
    {
      # The attributes of every source.
      attributes,
      dependencies,
      package,
      tests,
    }:
    old:
    empty
    // lib.optionalAttrs (!tests) untested
    // lib.mapAttrs (_: _: null) (builtins.intersectAttrs old dropped)
    // lib.optionalAttrs (old ? cargoDeps || old ? cargoVendorDir) withoutCargoHook
    // attributes
    // {
      nativeBuildInputs = native (compat.buildInputsOf old) ++ attributes.nativeBuildInputs or [ ];
      buildInputs = native (old.buildInputs or [ ]);
      propagatedBuildInputs = dependencies ++ native (compat.dependenciesOf old);
      preFixupPhases = lib.toList (old.preFixupPhases or [ ]) ++ attributes.preFixupPhases or [ ];
      passthru = old.passthru or { } // attributes.passthru;
      meta = builtins.removeAttrs (old.meta or { }) compat.metaOfVersion;
    }
    // lib.optionalAttrs (old ? name) { name = "${package.name}-${package.version}"; }
    // lib.optionalAttrs (old.version or null != package.version) {
      patches = [ ];
      patchPhase = patchPhase (old.patches or [ ]);
    };
}
