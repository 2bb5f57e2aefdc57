{
  lib,
  pkgs,
  scope,
  ...
}:

let
  buildPython =
    function:
    (scope {
      inherit lib pkgs;
      python = "python311";
      fail = message: throw "mach-nix.${function}: ${message}";
    }).buildPython
      function;
  greeter = ../../tests/nix/projects/greeter;
in
{
  "modules and applications" = {
    expr = map (function: (buildPython function greeter).pythonModule or null == pkgs.python311) [
      "buildPythonPackage"
      "buildPythonApplication"
    ];
    expected = [
      true
      false
    ];
  };
}
