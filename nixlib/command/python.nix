# The version of Python that a package set has for `python3`, without patch number.
{
  # The path of the package set.
  nixpkgs,
  ...
}:
(import ../nixpkgs/packageSet.nix { path = nixpkgs; }).python3.pythonVersion
