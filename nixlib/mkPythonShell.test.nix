{ machNix, ... }:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
in
{
  "is the env of mkPython" = {
    expr = machNix.mkPythonShell arguments == (machNix.mkPython arguments).env;
    expected = true;
  };
  "errors name mkPythonShell" = {
    expr = machNix.mkPythonShell { };
    expectedError.msg = "mach-nix.mkPythonShell: the argument `requirements` is missing";
  };
}
