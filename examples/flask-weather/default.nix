# nix-build here gives an environment with the application's packages; nix-shell enters it.
{
  pkgs ? import <nixpkgs> { },
  mach-nix ? import ./mach-nix.nix { inherit pkgs; },
}:
mach-nix.mkPython {
  # The one that the lock was made for.
  python = "python311";
  requirements = builtins.readFile ./requirements.txt;
  lock = ./mach-nix.lock;
}
