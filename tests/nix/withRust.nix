# The package set with a Rust compiler that is there: a nixpkgs tree over the host's tools would build its
# own for hours.
{ pkgs }:

if pkgs ? hostTools then
  pkgs.extend (_: _: { inherit (import ../../hostpkgs { }) cargo rustc; })
else
  pkgs
