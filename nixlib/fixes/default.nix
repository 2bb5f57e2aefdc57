/**
  The fixes that every environment gets, before the overrides of the user: one package per file,
  each with its reason, in the form of the argument `_fixes`.

  # Type

  ```
  { lib :: Lib; pkgs :: Nixpkgs; } -> { <package>.<fix> :: AttrSet; }
  ```
*/
{ lib, pkgs }:

lib.mapAttrs (_: file: import file { inherit lib pkgs; }) {
  cffi = ./cffi.nix;
  lxml = ./lxml.nix;
  pyqt6-qt6 = ./pyqt6-qt6.nix;
}
