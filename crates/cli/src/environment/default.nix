# Written by `mach-nix env`, which also renews mach-nix.lock. `nix-shell` enters the environment, `nix-build` builds it.
{
  pkgs ? import <nixpkgs> { },
  # Given by `nix-shell`.
  inNixShell ? false,
}:
let
  target = builtins.head (builtins.fromJSON (builtins.readFile ./mach-nix.lock)).targets;
  version = builtins.match "([0-9]+)\\.([0-9]+).*" target.python;
  environment = (import ./nixlib { inherit pkgs; }).mkPython {
    lock = ./mach-nix.lock;
    python = "python${builtins.concatStringsSep "" version}";
  };
in
if inNixShell then environment.env else environment
