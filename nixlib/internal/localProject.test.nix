{ lib, pkgs, ... }:

let
  localProject = import ./localProject.nix {
    inherit lib pkgs;
    python = "python311";
    fail = message: throw "mach-nix.buildPythonPackage: ${message}";
  } "buildPythonPackage";
  projects = ../../tests/nix/projects;
  greeter = localProject (projects + "/greeter");
  unlocked = localProject {
    src = projects + "/isolated";
    lock = null;
  };
in
{
  "with a lock" = {
    expr = {
      inherit (greeter) name hasLock requirements;
      python = greeter.python.pythonVersion;
      packages = lib.attrNames greeter.environment.packages;
    };
    expected = {
      name = "greeter-app";
      hasLock = true;
      requirements = [ "Click >= 8, < 9" ];
      python = "3.11";
      packages = [ "click" ];
    };
  };
  "without a lock" = {
    expr = {
      inherit (unlocked) hasLock requirements;
      inherit (unlocked.build [ ]) name;
    };
    expected = {
      hasLock = false;
      requirements = [ "click" ];
      name = "python3.11-isolated-1.0";
    };
  };
}
