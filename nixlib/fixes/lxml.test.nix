{ lib, pkgs, ... }:

let
  inherit (import ./lxml.nix { inherit lib pkgs; }) libraries;
  applies =
    prov:
    libraries._cond {
      inherit prov;
      ver = "5.2.2";
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
    expr = lib.elem pkgs.libxslt libraries.buildInputs.add;
    expected = true;
  };
}
