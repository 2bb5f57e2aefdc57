# Packages as an environment has them before the overrides of the user: with the fixes of ../fixes.
{
  lib,
  pkgs,
  fail,
}:

let
  fixes = import ./fixes.nix { inherit lib pkgs fail; };
  standard = import ../fixes { inherit lib pkgs; };
in
# The interpreter without the packages, and the packages by name.
{ python }:
packages: packages // fixes { inherit python; } standard packages packages
