# `nix-build` builds the environment of the project, with the group `dev`; `nix-shell` enters it.
{
  pkgs ? import <nixpkgs> { },
  mach-nix ? import ./mach-nix.nix { inherit pkgs; },
}:
mach-nix.mkPython {
  pyproject = ./pyproject.toml;
  groups = [ "dev" ];
  lock = ./mach-nix.lock;
}
