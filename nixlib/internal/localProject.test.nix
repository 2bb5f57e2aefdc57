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
  # The lock of a project for two targets that are built with different versions of a tool.
  lock = builtins.fromJSON (builtins.readFile (projects + "/greeter/mach-nix.lock"));
  tool = lib.head lock.project.build.packages;
  twoTargets = lock // {
    targets = [ (lib.head lock.targets // { python = "3.12"; }) ] ++ lock.targets;
    project.build = lock.project.build // {
      packages = [
        (
          tool
          // {
            version = "80.0.0";
            targets = [ 0 ];
          }
        )
        (tool // { targets = [ 1 ]; })
      ];
    };
  };
  buildOf =
    lock:
    let
      project = localProject {
        src = projects + "/greeter";
        lock = builtins.toFile "mach-nix.lock" (builtins.toJSON lock);
      };
    in
    (project.build [ ]).buildPhase;
in
{
  "the build environment is that of the target" = {
    expr = buildOf twoTargets == buildOf lock;
    expected = true;
  };
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
  "addresses and texts of folders on this machine" = {
    expr = map (src: (localProject src).name) [
      "file://${toString projects}/greeter"
      (toString projects + "/greeter")
    ];
    expected = [
      "greeter-app"
      "greeter-app"
    ];
  };
}
