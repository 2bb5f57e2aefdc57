{ lib, pkgs, ... }:

let
  resolved = import ./resolved.nix {
    inherit lib pkgs;
    python = null;
    fail = message: throw "mach-nix.mkPython: ${message}";
  };
  found = resolved {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
in
{
  "packages and interpreter" = {
    expr = {
      locked = found.packages.flask.version;
      built = found.python.pkgs.flask.version;
    };
    expected = {
      locked = "2.1.2";
      built = "2.1.2";
    };
  };
}
