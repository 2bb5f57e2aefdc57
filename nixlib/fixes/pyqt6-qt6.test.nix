{ lib, pkgs, ... }:

let
  inherit (import ./pyqt6-qt6.nix { inherit lib pkgs; }) libraries;
  applies =
    prov:
    libraries._cond {
      inherit prov;
      ver = "6.11.2";
      pyver = "3.11";
    };
in
{
  "for wheels only" = {
    expr = map applies [
      "wheel"
      "sdist"
      "nixpkgs"
    ];
    expected = [
      true
      false
      false
    ];
  };
  "libraries" = {
    expr = libraries.buildInputs.add == [ (lib.getLib pkgs.zstd) ];
    expected = true;
  };
}
