# The versions of Python that a package set has, without patch number: those with a set of packages.
{
  # The path of the package set.
  nixpkgs,
  ...
}:
let
  pkgs = import ../nixpkgs/packageSet.nix { path = nixpkgs; };
  names = builtins.filter (name: builtins.match "python3[0-9]+" name != null) (
    builtins.attrNames pkgs
  );
  found = name: builtins.tryEval (pkgs.${name}.pythonVersion);
  versions = map found names;
in
map (version: version.value) (builtins.filter (version: version.success) versions)
