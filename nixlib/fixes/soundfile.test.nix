{ lib, pkgs, ... }:

let
  # Package sets of tests lack some libraries.
  set =
    pkgs
    // lib.genAttrs [ "libsndfile" ] (name: {
      type = "derivation";
      outPath = "/${name}";
    });
  inherit
    (import ./soundfile.nix {
      inherit lib;
      pkgs = set;
    })
    libraries
    ;
  applies =
    ver: prov:
    libraries._cond {
      inherit ver prov;
      pyver = "3.11";
    };
in
{
  "for wheels and sources" = {
    expr = map (applies "0.4") [
      "wheel"
      "sdist"
      "nixpkgs"
    ];
    expected = [
      true
      true
      false
    ];
  };
  "not for wheels that have the library" = {
    expr = applies "0.12.1" "wheel";
    expected = false;
  };
  "libraries" = {
    expr = map toString libraries.buildInputs.add;
    expected = [ "/libsndfile" ];
  };
  "written into the code" = {
    expr = map lib.getName libraries.nativeBuildInputs.add;
    expected = [ "library-paths-hook" ];
  };
}
