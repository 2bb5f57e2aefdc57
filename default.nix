# mach-nix as a function: `import mach-nix { inherit pkgs; }` gives the public functions.
# What they are and which arguments this takes is documented in ./nixlib/default.nix.
import ./nixlib
