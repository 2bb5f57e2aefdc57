# A conda package that is a Python project as a package of Python, whatever else the lock has from conda: links into the environment of
# all conda packages.
{
  lib,
  pkgs,
  fail,
  compat,
  condaProgram,
  leanModule,
}:

{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock, as ./entries.nix gives it.
  package,
  # The names of what each of the locked packages depends on, by name.
  dependencyNames,
  # Their derivations, by name.
  locked,
  # Whether it runs tests: `_.<package>.installCheckPhase` can give it some.
  tests ? false,
}:
let
  dependencies = map (name: locked.${name}) dependencyNames.${package.name};
  inherit (locked.condaPackages) prefix;

  name = lib.strings.sanitizeDerivationName "${python.libPrefix}-${package.name}-${package.version}";
  links =
    changes:
    derivation (
      condaProgram {
        inherit python;
        inherit (pkgs.stdenv.hostPlatform) system;
        program = "project.py";
      }
      // {
        inherit name prefix;
        inherit (python) sitePackages;
        record = "${lib.removeSuffix ".conda" (lib.removeSuffix ".tar.bz2" package.file)}.json";
        propagatedBuildInputs = map lib.getDev dependencies ++ [ python ];
      }
      // changes
    );

  # With files instead of links, so that they can be changed.
  full = python.pkgs.buildPythonPackage {
    pname = package.name;
    inherit (package) version;
    format = "other";
    src = links { isBare = "1"; };
    unpackPhase = ''
      runHook preUnpack
      cp -rL --no-preserve=ownership $src source
      chmod -R u+w source
      rm -r source/nix-support
      find source -name __pycache__ -prune -exec rm -r {} +
      sourceRoot=source
      runHook postUnpack
    '';
    dontConfigure = true;
    dontBuild = true;
    installPhase = ''
      runHook preInstall
      mkdir -p $out
      cp -r . $out
      runHook postInstall
    '';
    postPhases = [ "compileModulesPhase" ];
    compileModulesPhase = ''
      ${python.interpreter} -m compileall -q $out/${python.sitePackages} || true
    '';
    propagatedBuildInputs = dependencies;
    doCheck = tests;

    # As for wheels: ../build/wheel.nix.
    dontStrip = true;
    dontPatchELF = true;
    catchConflicts = false;
    dontCheckRuntimeDeps = true;
    passthru = { inherit (package) provider; };
    meta.platforms = [ pkgs.stdenv.hostPlatform.system ];
  };
in
if !(lib.elem package.file locked.condaPackages.files) then
  fail "`${package.name}` is locked from conda by another lock than the environment, and conda packages of two locks can't be in one environment; lock them together"
else if tests || !(compat.hasInstaller python) then
  full
else
  leanModule {
    inherit
      python
      package
      dependencies
      full
      ;
    built = links { };
    inherit (package) provider;
  }
