# The environment for `mach-nix build`, `shell` and `run`: the environment of a lock, as a list of one derivation.
{
  # The path of the package set.
  nixpkgs,
  # The path of a file of JSON:
  # - `lock`: the path of the lock
  # - `python`: the version of the target, such as "3.12"
  # - `selection`: `extras` and `groups` of a lock with parts; null for everything
  argument,
}:
let
  pkgs = import ../nixpkgs/packageSet.nix { path = nixpkgs; };
  inherit (import ../scope.nix { inherit (pkgs) lib; }) pythonAttribute;
  request = builtins.fromJSON (builtins.readFile argument);
in
[
  ((import ../. { inherit pkgs; }).mkPython (
    {
      lock = /. + request.lock;
      python = pythonAttribute request.python;
    }
    // (if request.selection or null == null then { } else request.selection)
  ))
]
