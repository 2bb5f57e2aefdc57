{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  asked = (scope { inherit lib fail; }).readRequest;
  pyproject = ../../tests/nix/projects/extras/pyproject.toml;
  refusal = arguments: msg: {
    expr = asked arguments;
    expectedError = { inherit msg; };
  };
in
{
  "a text" = {
    expr = asked { requirements = "Flask\n"; };
    expected = {
      lines = [ "flask" ];
      isText = true;
      isComputed = false;
      isEnvironment = false;
      inputs = [
        "-r"
        "requirements.txt"
      ];
      request.requirements = "Flask\n";
    };
  };
  "an environment of conda" = {
    expr =
      builtins.removeAttrs (asked { requirements = "channels:\n  - x\ndependencies:\n  - numpy\n"; })
        [
          "lines"
        ];
    expected = {
      isText = true;
      isComputed = false;
      isEnvironment = true;
      inputs = [
        "--environment"
        "environment.yml"
      ];
      request = {
        requirements = "channels:\n  - x\ndependencies:\n  - numpy\n";
        name = "environment.yml";
      };
    };
  };
  "a path" = {
    expr = (asked { requirements = ../../tests/nix/locks/flask/requirements.txt; }).inputs;
    expected = [
      "-r"
      "requirements.txt"
    ];
  };
  "a project" = {
    expr =
      builtins.removeAttrs
        (asked {
          inherit pyproject;
          extras = [ "docs" ];
          groups = [ "dev" ];
        })
        [
          "lines"
          "whole"
        ];
    expected = {
      isText = false;
      isComputed = false;
      isEnvironment = false;
      inputs = [
        "--pyproject"
        "pyproject.toml"
        "--extra"
        "docs"
        "--group"
        "dev"
      ];
      request = {
        pyproject = builtins.readFile pyproject;
        extras = [ "docs" ];
        groups = [ "dev" ];
      };
    };
  };

  "nothing" =
    refusal { }
      "the argument `requirements` is missing; write `requirements = ./requirements.txt;`";
  "both" = refusal {
    requirements = "flask";
    inherit pyproject;
  } "both `requirements` and `pyproject` are given";
  "extras without a project" = refusal {
    requirements = "flask";
    extras = [ "async" ];
  } "`extras` and `groups` are parts of a project";
  "an extra that is no list" = refusal {
    inherit pyproject;
    extras = "docs";
  } "`extras` must be a list of names, but is a string";
}
