# The libraries with these attributes in nixpkgs, as far as the package set has them: a missing
# library does not stop a build (docs/decisions/0008).
{ lib, pkgs }:
names:

map (path: lib.getLib (lib.getAttrFromPath path pkgs)) (
  lib.filter (path: lib.hasAttrByPath path pkgs) (map (lib.splitString ".") names)
)
