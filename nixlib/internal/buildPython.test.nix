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
  package = buildPython "buildPythonPackage" greeter;
in
{
  "modules and applications" = {
    expr = map (drv: drv ? pythonModule) [
      package
      (buildPython "buildPythonApplication" greeter)
    ];
    expected = [
      true
      false
    ];
  };
  "what an environment needs to know" = {
    expr = {
      inherit (package.machNix) name;
      packages = lib.attrNames package.machNix.packages;
      python = package.machNix.python.pythonVersion;
      isSame =
        package.machNix.build (lib.filter (input: input != pkgs.python311) package.propagatedBuildInputs)
        == package;
    };
    expected = {
      name = "greeter-app";
      packages = [ "click" ];
      python = "3.11";
      isSame = true;
    };
  };
}
