{ lib, pkgs, ... }:

let
  buildPython =
    function:
    import ./buildPython.nix {
      inherit lib pkgs;
      python = "python311";
      fail = message: throw "mach-nix.${function}: ${message}";
    } function;
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
