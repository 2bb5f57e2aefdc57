{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  inherit (scope { inherit lib pkgs fail; }) condaEntries condaPackages condaProject;
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) lock packages;
  python = pkgs.python311;

  entries = condaEntries {
    inherit (lock.request) requirements;
    packages = lib.listToAttrs (map (package: lib.nameValuePair package.name package) packages);
  };
  project =
    changes:
    condaProject (
      {
        inherit python;
        package = entries.numpy;
        dependencyNames.numpy = entries.numpy.dependencies;
        locked.condaPackages = condaPackages {
          inherit python;
          package = entries.condaPackages;
        };
      }
      // changes
    );
  lean = project { };
  isLean = drv: drv.drvAttrs.builder == python.interpreter;
  applies = lib.functionArgs python.pkgs.buildPythonPackage ? pyproject;
in
{
  "a package of Python like any other" = {
    expr = {
      inherit (lean)
        name
        pname
        version
        provider
        ;
      isModule = lean.pythonModule == python;
      required = map (drv: drv.pname or null) (lib.tail lean.requiredPythonModules);
      record = lean.drvAttrs.record or null;
    };
    expected = {
      name = "python3.11-numpy-1.0";
      pname = "numpy";
      version = "1.0";
      provider = "conda/main";
      isModule = true;
      required = [ "condaPackages" ];
      record = if applies then "numpy-1.0-0.json" else null;
    };
  };
  "the interpreter is the builder, but not with tests and not when anything is changed" = {
    expr = map isLean [
      lean
      (project { tests = true; })
      (lean.overridePythonAttrs { })
      (lean.overrideAttrs { postInstall = "true"; })
    ];
    expected = [
      applies
      false
      false
      false
    ];
  };
  "what is changed has the same name and provider" = {
    expr =
      let
        drv = lean.overridePythonAttrs { postInstall = "true"; };
      in
      [
        drv.pname
        drv.version
        drv.provider
      ];
    expected = [
      "numpy"
      "1.0"
      "conda/main"
    ];
  };
  "packages of two locks" = {
    expr =
      (project {
        package = entries.numpy // {
          file = "numpy-2.0-0.conda";
        };
      }).drvPath;
    expectedError.msg = "mach-nix.mkPython: `numpy` is locked from conda by another lock than the environment, and conda packages of two locks can't be in one environment; lock them together";
  };
}
