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
  cairocffi = ./cairocffi.nix;
  cffi = ./cffi.nix;
  lxml = ./lxml.nix;
  pamela = ./pamela.nix;
  pyenchant = ./pyenchant.nix;
  pyfluidsynth = ./pyfluidsynth.nix;
  pyqt5-qt5 = ./pyqt5-qt5.nix;
  pyqt6-qt6 = ./pyqt6-qt6.nix;
  pyside2 = ./pyside2.nix;
  pyside6-addons = ./pyside6-addons.nix;
  pyside6-essentials = ./pyside6-essentials.nix;
  python-magic = ./python-magic.nix;
  pyusb = ./pyusb.nix;
  pyzbar = ./pyzbar.nix;
  sounddevice = ./sounddevice.nix;
  soundfile = ./soundfile.nix;
  weasyprint = ./weasyprint.nix;
}
