# `nix-build` builds the environment of the requirements; `nix-shell` enters it.
{
  pkgs ? import <nixpkgs> { },
  mach-nix ? import ./mach-nix.nix { inherit pkgs; },
}:
mach-nix.mkPython {
  requirements = ./requirements.txt;
  lock = ./mach-nix.lock;
}
