{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.buildPythonPackage: ${message}";
  project = (scope { inherit lib fail; }).readProject;
  read = name: project { folder = ../../tests/nix/projects + "/${name}"; };
in
{
  "pyproject.toml" = {
    expr = read "greeter";
    expected = {
      name = "Greeter_App";
      version = "1.0";
      requirements = [ "Click >= 8, < 9" ];
      scripts = [ "greet" ];
      buildRequires = [
        "setuptools>=61"
        "wheel"
      ];
    };
  };
  "an extra of pyproject.toml" = {
    expr =
      (project {
        folder = ../../tests/nix/projects/greeter;
        extras = [ "Bold" ];
      }).requirements;
    expected = [
      "Click >= 8, < 9"
      "markupsafe"
    ];
  };
  "no such extra" = {
    expr =
      (project {
        folder = ../../tests/nix/projects/greeter;
        extras = [ "loud" ];
      }).requirements;
    expectedError.msg = "mach-nix.buildPythonPackage: the project has no extra `loud`; it has `bold`";
  };
  "setup.cfg" = {
    expr = read "greeter-cfg";
    expected = {
      name = "greeter-cfg";
      version = "1.0";
      requirements = [ "click>=8" ];
      scripts = [ "greet-cfg" ];
      buildRequires = [
        "setuptools"
        "wheel"
      ];
    };
  };
  "setup.py" = {
    expr = read "greeter-py";
    expected = {
      name = "greeter-py";
      version = "1.0";
      requirements = null;
      scripts = [ ];
      buildRequires = [
        "setuptools"
        "wheel"
      ];
    };
  };
  "no project" = {
    expr = (project { folder = ../../tests/nix/locks; }).name;
    expectedError.msg = "there is no Python project in `/.*/locks`: it has neither pyproject.toml nor setup.cfg nor setup.py";
  };
}
