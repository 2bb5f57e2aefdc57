{ lib, pkgs, ... }:

let
  inherit (import ./cffi.nix { inherit lib pkgs; }) libraries;
  applies =
    prov:
    libraries._cond {
      inherit prov;
      ver = "1.17.1";
      pyver = "3.11";
    };
in
{
  "for sources only" = {
    expr = map applies [
      "sdist"
      "wheel"
      "nixpkgs"
    ];
    expected = [
      true
      false
      false
    ];
  };
  "libraries" = {
    expr = libraries.buildInputs.add == [ pkgs.libffi ];
    expected = true;
  };
}
