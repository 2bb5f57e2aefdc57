{
  lib,
  pkgs,
  scope,
  ...
}:

let
  query = (scope { inherit lib; }).queryBackend;
  answer =
    changes:
    query (
      {
        python = pkgs.python311;
        name = "some";
        version = "1.0";
        versioned = true;
        built = pkgs.python311.pkgs.buildPythonPackage {
          pname = "some";
          version = "1.0";
          src = ../../tests/nix/projects/isolated;
          format = "setuptools";
          passthru.buildEnvironment = pkgs.python311;
        };
        options = [ ];
      }
      // changes
    );
  has = word: drv: lib.hasInfix word drv.buildPhase;
in
{
  "the name" = {
    expr = (answer { }).name;
    expected = "some-1.0-metadata";
  };
  "the options, quoted" = {
    expr = has "'a b'" (answer {
      options = [
        "--extra"
        ""
        "--extra"
        "a b"
      ];
    });
    expected = true;
  };
  "a source without its version" = {
    expr =
      map
        (
          versioned:
          has "--unversioned" (answer {
            inherit versioned;
          })
        )
        [
          true
          false
        ];
    expected = [
      false
      true
    ];
  };
}
