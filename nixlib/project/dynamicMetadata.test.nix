# That the answer is that of a build is seen in tests/nix/builds-release-3-5.nix.
{
  lib,
  pkgs,
  scope,
  ...
}:

let
  answered =
    answer:
    (scope {
      inherit lib;
      fail = message: throw "mach-nix.buildPythonPackage: ${message}";
      buildProject = _: {
        buildEnvironment = pkgs.python311;
        overrideAttrs = _: builtins.toFile "answer.json" (builtins.toJSON answer);
      };
    }).dynamicMetadata;
  ask =
    answer:
    answered answer {
      python = pkgs.python311;
      function = "buildPythonPackage";
      src = ../../tests/nix/projects/greeter-py;
      buildPackages = [ ];
      buildTools = [ ];
      buildCrates = null;
      extras = [ ];
      arguments = { };
    };
in
{
  "the answer" = {
    expr = ask {
      requires = [ ];
      metadata = {
        name = "greeter-py";
        version = "1.0";
        text = "Name: greeter-py";
        requirements = [ "click>=8" ];
      };
    };
    expected = {
      name = "greeter-py";
      version = "1.0";
      requirements = [ "click>=8" ];
    };
  };
  "a build that needs more than its files name" = {
    expr = ask {
      requires = [ "hatch-fancy" ];
      metadata = null;
    };
    expectedError.msg = "mach-nix.buildPythonPackage: the build backend of the project asks for `hatch-fancy`, which its files do not name; lock the project itself with `mach-nix lock`";
  };
}
