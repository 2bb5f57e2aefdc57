# A wheel as a derivation whose builder is the interpreter, running ./install_wheel.py: stdenv and hooks, which the builds of
# nixpkgs are made of, would take most of the time of the evaluation and of the build.
#
# Whatever changes it (`overrideAttrs`, `overridePythonAttrs`, …) changes the same package as nixpkgs' functions build it, which
# also has the attributes that are not named here.  See docs/decisions/0053-wheels-without-stdenv.md.
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

  # What binaries need to find the loader and libraries.
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
  # Whether it has binaries for this system.
  isBinary,
  # The package as nixpkgs' functions build it.
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

      # How Python finds itself: Nix starts a builder by its name.
      PATH = "${python}/bin";
      # What nixpkgs' setup hook of the interpreter sets, as far as it is read before the script.
      PYTHONHASHSEED = "0";
      PYTHONNOUSERSITE = "1";
      PYTHONDONTWRITEBYTECODE = "1";
      LANG = "C.UTF-8";

      # For the fixup phase, under the names that stdenv has for them.
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
