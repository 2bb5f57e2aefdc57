{ lib, pkgs, ... }:

let
  lock = ../../tests/nix/locks/flask/mach-nix.lock;
  environments = import ./environment.nix {
    nixpkgs = pkgs.path;
    argument = builtins.toFile "argument.json" (
      builtins.toJSON {
        lock = toString lock;
        python = "3.11.7";
      }
    );
  };
  machNix = import ../. { pkgs = import ../nixpkgs/packageSet.nix { inherit (pkgs) path; }; };
in
{
  "the environment of the lock" = {
    expr = map (drv: drv.drvPath) environments;
    expected =
      lib.singleton
        (machNix.mkPython {
          inherit lock;
          python = "python311";
        }).drvPath;
  };
}
