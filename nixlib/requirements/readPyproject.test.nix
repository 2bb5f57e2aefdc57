{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  pyproject = (scope { inherit lib fail; }).readPyproject;
  file = ../../tests/nix/projects/extras/pyproject.toml;
  lines =
    extras: groups:
    (pyproject file {
      inherit extras groups;
    }).lines;
  removeText =
    read:
    builtins.removeAttrs read [
      "text"
      "whole"
    ];
  whole =
    (pyproject file {
      extras = [ ];
      groups = [ ];
    }).whole.lines;
  own = [
    "flask>=2"
    "my-project[fast]"
    "orjson;python_version>=\"3.9\""
  ];
in
{
  "the project's own dependencies" = {
    expr = lines [ ] [ ];
    expected = own;
  };
  "all extras and groups" = {
    expr = lib.all (line: lib.elem line whole) (lines [ "All" ] [ "dev" ]) && lib.elem "click" whole;
    expected = true;
  };
  "dependencies that a build tells, and a group" = {
    expr = removeText (
      pyproject ../../tests/nix/projects/computed/pyproject.toml {
        extras = [ "fast" ];
        groups = [ "dev" ];
      }
    );
    expected = {
      lines = [ "iniconfig" ];
      isComputed = true;
    };
  };
  "no [project]" = {
    expr = removeText (
      pyproject ../../tests/nix/projects/poetic/pyproject.toml {
        extras = [ ];
        groups = [ ];
      }
    );
    expected = {
      lines = [ ];
      isComputed = true;
    };
  };
  "an extra of extras" = {
    expr = lines [ "All" ] [ ];
    expected = lib.sort lib.lessThan (
      own
      ++ [
        "my-project[fast,docs]"
        "rich"
        "sphinx"
      ]
    );
  };
  "an extra that asks for itself" = {
    expr = lines [ "self" ] [ ];
    expected = lib.sort lib.lessThan (
      own
      ++ [
        "click"
        "my-project[self]"
      ]
    );
  };
  "groups of uv and PDM" = {
    expr =
      (pyproject ../../tests/nix/projects/older-groups/pyproject.toml {
        extras = [ ];
        groups = [
          "dev"
          "docs"
        ];
      }).lines;
    expected = [
      "pytest"
      "ruff"
      "six"
      "sphinx"
      "tox"
    ];
  };
  "the project at an address" = {
    expr = lib.length (lines [ "elsewhere" ] [ ]);
    expected = 4;
  };
  "a group with another group and an extra" = {
    expr = lines [ ] [ "dev" ];
    expected = lib.sort lib.lessThan (
      own
      ++ [
        "my-project[docs]"
        "pytest"
        "ruff"
        "sphinx"
      ]
    );
  };

  "no such extra" = {
    expr = lines [ "slow" ] [ ];
    expectedError.msg = "the project has no extra `slow`; there are `all`, `docs`";
  };
  "no such group" = {
    expr = lines [ ] [ "doc" ];
    expectedError.msg = "there is no group `doc`; there are `dev`, `test-base`";
  };
  "a text" = {
    expr = pyproject "[project]" { };
    expectedError.msg = "`pyproject` must be the path of a pyproject.toml, but is a string";
  };
  "no such file" = {
    expr = pyproject ./missing.toml { };
    expectedError.msg = "there is no file `/.*/missing.toml` for `pyproject`";
  };
}
