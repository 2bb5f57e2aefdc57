# So that NIX_PATH=nixpkgs=<this folder> makes <nixpkgs> this package set.
args:
import ./host-nixpkgs.nix (
  builtins.intersectAttrs (builtins.functionArgs (import ./host-nixpkgs.nix)) args
)
