{ lib, scope, ... }:

let
  renew = (scope { inherit lib; }).renew;
in
{
  "from a text" = {
    expr = renew {
      inputs = [
        "-r"
        "requirements.txt"
      ];
      lock = /a/mach-nix.lock;
    };
    expected = "`mach-nix lock -r requirements.txt`";
  };

  "an expression that holds a lock" = {
    expr = renew {
      inputs = [
        "-r"
        "requirements.txt"
      ];
      lock = /a/env.nix;
    };
    expected = "`mach-nix gen -r requirements.txt -o env.nix`";
  };

  "one package at a newer version" = {
    expr = renew {
      inputs = [ "flask" ];
      lock = /a/mach-nix.lock;
      upgrade = [ "flask" ];
    };
    expected = "`mach-nix lock flask --upgrade=flask`";
  };

  "other names" = {
    expr = renew {
      inputs = [
        "-r"
        "dev.txt"
      ];
      lock = /a/dev.lock;
    };
    expected = "`mach-nix lock -r dev.txt -o dev.lock`";
  };

  "a lock in the store" = {
    expr = renew {
      inputs = [
        "-r"
        "requirements.txt"
      ];
      lock = builtins.toFile "mach-nix.lock" "";
    };
    expected = "`mach-nix lock -r requirements.txt`";
  };

  "targets and providers" = {
    expr = renew {
      inputs = [
        "-r"
        "requirements.txt"
      ];
      lock = /a/mach-nix.lock;
      pythons = [
        "3.11"
        "3.12"
      ];
      systems = [ "x86_64-linux" ];
      providers = {
        _default = "wheel";
        numpy = "sdist,wheel";
      };
    };
    expected = "`mach-nix lock -r requirements.txt --python 3.11 --python 3.12 --system x86_64-linux --providers wheel --provider numpy=sdist,wheel`";
  };
}
