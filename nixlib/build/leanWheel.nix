# A wheel as a derivation whose builder is the interpreter, running ./install_wheel.py: stdenv and hooks, which the builds of
# nixpkgs are made of, would take most of the time of the evaluation and of the build.
#
# Any change (`overrideAttrs`, `overridePythonAttrs`, …) applies to the same package as built by
# nixpkgs' functions, which also has the other attributes. See
# docs/decisions/0053-wheels-without-stdenv.md.
{
  lib,
  pkgs,
  compat,
  leanModule,
}:

let
  inherit (pkgs.stdenv.hostPlatform) system;

  # Not as a path, for the reason given in ./wheelPhase.nix.
  script = builtins.toFile "install_wheel.py" (builtins.readFile ./install_wheel.py);

  # The loader and libraries for binaries.
  ofBinaries = {
    patchBinaries = builtins.toFile "patch_binaries.py" (builtins.readFile ./patch_binaries.py);
    inherit (pkgs) patchelf;
    inherit (pkgs.stdenv.cc) bintools;
    libraries = map lib.getDev compat.systemLibraries;
  };
in
{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock.
  package,
  # The derivations of its dependencies.
  dependencies,
  # The file.
  src,
  # Whether it contains binaries for this system.
  isBinary,
  # The package as built by nixpkgs' functions.
  full,
}:
let
  name = lib.strings.sanitizeDerivationName "${python.libPrefix}-${package.name}-${package.version}";
  inherit (python.pkgs) wrapPython;
  installer = compat.installer python;

  built = derivation (
    {
      inherit name system src;
      builder = python.interpreter;
      args = [
        script
        installer
      ];
      inherit (python) sitePackages;

      # Python locates itself by this: Nix starts a builder by its name.
      PATH = "${python}/bin";
      # The variables of nixpkgs' setup hook of the interpreter that are read before the script.
      PYTHONHASHSEED = "0";
      PYTHONNOUSERSITE = "1";
      PYTHONDONTWRITEBYTECODE = "1";
      LANG = "C.UTF-8";

      # For the fixup phase, under their names in stdenv.
      inherit (python) stdenv;
      inherit (python.stdenv) shell;
      nativeBuildInputs = [
        python
        wrapPython
      ];
      propagatedBuildInputs = map lib.getDev dependencies ++ [ python ];
      strictDeps = "1";
      dontStrip = "1";
      dontPatchELF = "1";
    }
    // lib.optionalAttrs isBinary ofBinaries
  );
in
leanModule {
  inherit
    python
    package
    dependencies
    built
    full
    ;
  provider = "wheel";
}
