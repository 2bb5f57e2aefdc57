{ lib, machNix, ... }:

let
  arguments = {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
    # Nothing looks at these before the packages are asked for.
    pyproject = null;
    extras = [ ];
    groups = [ ];
    lockHash = "";
    excludeNewer = "2026-11-01";
    indexUrl = "";
    pypiData = null;
    resolveWith = "lock";
    python = "python311";
    providers._default = "wheel";
    packagesExtra = [ ];
    overridesPre = [ (_: _: { }) ];
    overridesPost = [ (_: _: { }) ];
    tests = false;
    ignoreCollisions = false;
    postBuild = "";
    cudaVersion = "11.4";
    _.click.name = "own";
    _fixes = { };
    _lockedFrom = [ ];
    _providerDefaults = { };
  };
in
{
  "every argument is here" = {
    expr = lib.attrNames (import ./mkArguments.nix);
    expected = lib.attrNames arguments;
  };
  "every function takes every argument" = {
    expr = map (name: builtins.typeOf (machNix.${name} arguments)) [
      "mkDockerImage"
      "mkNixpkgs"
      "mkOverlay"
      "mkPython"
      "mkPythonOverrides"
      "mkPythonShell"
    ];
    expected = [
      "set"
      "set"
      "lambda"
      "set"
      "lambda"
      "set"
    ];
  };
}
