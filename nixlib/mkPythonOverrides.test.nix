{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  python = pkgs.python311.override {
    self = python;
    packageOverrides = machNix.mkPythonOverrides arguments;
  };
in
{
  "an interpreter with it" = {
    expr = lib.getVersion python.pkgs.flask;
    expected = "2.1.2";
  };
  "an unknown argument" = {
    expr = machNix.mkPythonOverrides (arguments // { postBuild = ""; });
    expectedError.msg = "mach-nix.mkPythonOverrides: unknown argument `postBuild`; the arguments are `lock`, `providers`, `python`, `requirements`";
  };
}
