{ lib, pkgs, ... }:

let
  zstd = {
    type = "derivation";
    outPath = "/zstd";
  };
  inherit
    (import ./pyside6-addons.nix {
      inherit lib;
      pkgs = {
        inherit (pkgs) stdenv;
        inherit zstd;
      };
    })
    libraries
    ;
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
    expr = map toString libraries.buildInputs.add;
    expected = [ "/zstd" ];
  };
}
