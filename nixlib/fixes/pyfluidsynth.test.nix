{ lib, pkgs, ... }:

let
  # Package sets of tests lack some libraries.
  set =
    pkgs
    // lib.genAttrs [ "fluidsynth" ] (name: {
      type = "derivation";
      outPath = "/${name}";
    });
  inherit
    (import ./pyfluidsynth.nix {
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
    expr = map (applies "1.3") [
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
  "libraries" = {
    expr = map toString libraries.buildInputs.add;
    expected = [ "/fluidsynth" ];
  };
  "written into the code" = {
    expr = map lib.getName libraries.nativeBuildInputs.add;
    expected = [ "library-paths-hook" ];
  };
}
