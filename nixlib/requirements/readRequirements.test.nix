{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  requirements = (scope { inherit lib fail; }).readRequirements;
  inherit (scope { inherit lib fail; }) digest;
  environment = "name: demo  # ours\nchannels: [ours]\ndependencies:\n  - Python=3.11\n  - gcc  # [linux]\n  - numpy =1.26\n  - pip:\n      - app>=1 ; python_version > '3'\n";
  nested = text: option: {
    expr = requirements text;
    expectedError.msg = "`requirements` is a text with the line `${option}`, and a text has no folder to find that file in; give the path: `requirements = ./requirements.txt`";
  };
in
{
  "a text" = {
    expr = requirements "Flask\n--pre\n--require-hashes\n";
    expected = {
      lines = [
        "--pre"
        "--require-hashes"
        "flask"
      ];
      text = "Flask\n--pre\n--require-hashes\n";
      path = null;
      isEnvironment = false;
    };
  };
  # tests/suite/environments.rs has the same text, and the digest of the command.
  "an environment of conda" = {
    expr = digest.digest (requirements environment).lines;
    expected = "sha256-yZwKangjlGqDzvFjBF9G5IGhA60/z4RZJXo6BhstUtw=";
  };
  "a selector is a part of an environment" = {
    expr = lib.elem "- gcc [linux]" (requirements environment).lines;
    expected = true;
  };
  "an environment with -r" = {
    expr = requirements "dependencies:\n  - pip:\n    - -r more.txt\n";
    expectedError.msg = "`requirements` is a text with the line `- -r more.txt`";
  };
  "a path" = {
    expr = lib.length (requirements ../../tests/nix/locks/flask/requirements.txt).lines;
    expected = 8;
  };

  "a text with -r" = nested "flask\n  -r  base.txt # x" "-r base.txt";
  "a text with -r without space" = nested "-rbase.txt" "-rbase.txt";
  "a text with -c" = nested "-c base.txt" "-c base.txt";
  "a text with --requirement" = nested "--requirement=base.txt" "--requirement=base.txt";
  "a text with --constraint" = nested "--constraint base.txt" "--constraint base.txt";

  "a path with -r" = {
    expr = requirements ../../tests/nix/locks/nested.txt;
    expectedError.msg = "`/.*/nested.txt` has the line `-r flask/requirements.txt`, and files within files are not read; copy the lines of `flask/requirements.txt` into it and renew the lock with `mach-nix lock -r nested.txt`";
  };
  "no such file" = {
    expr = requirements ./missing.txt;
    expectedError.msg = "there is no file `/.*/missing.txt` for `requirements`";
  };
  "a list" = {
    expr = requirements [ "flask" ];
    expectedError.msg = "`requirements` must be the path of a requirements.txt or its text, but is a list";
  };
}
