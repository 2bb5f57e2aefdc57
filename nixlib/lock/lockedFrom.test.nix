{ lib, ... }:

let
  lockedFrom = import ./lockedFrom.nix { inherit lib; };
  ofText = lines: {
    isText = true;
    inherit lines;
    inputs = [
      "-r"
      "requirements.txt"
    ];
  };
  extras = ../../tests/nix/projects/extras;
in
{
  "the file that is given" = {
    expr = lockedFrom {
      asked = {
        isText = false;
        lines = [ "flask" ];
        inputs = [
          "-r"
          "dev.txt"
        ];
      };
      lock = null;
    };
    expected = [
      "-r"
      "dev.txt"
    ];
  };
  "a text is in no file" = {
    expr = lockedFrom {
      asked = ofText [
        "flask"
        "numpy>=2"
      ];
      lock = null;
    };
    expected = [
      "flask"
      "numpy>=2"
    ];
  };
  "a text with options is written to a file" = {
    expr = lockedFrom {
      asked = ofText [ "--no-index" ];
      lock = null;
    };
    expected = [
      "-r"
      "requirements.txt"
    ];
  };
  "with a lock alone, the file next to it" = {
    expr =
      map
        (
          file:
          lockedFrom {
            asked = null;
            lock = file;
          }
        )
        [
          ../../tests/nix/locks/flask/mach-nix.lock
          (extras + "/mach-nix.lock")
        ];
    expected = [
      [
        "-r"
        "requirements.txt"
      ]
      [
        "--pyproject"
        "pyproject.toml"
      ]
    ];
  };
  "with nothing next to the lock, its requirements" = {
    expr = lockedFrom {
      asked = null;
      lock = {
        file = ./mach-nix.lock;
        request.requirements = [ "flask" ];
      };
    };
    expected = [ "flask" ];
  };
}
