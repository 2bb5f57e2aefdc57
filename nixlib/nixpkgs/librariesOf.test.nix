{ lib, scope, ... }:

let
  library = name: {
    inherit name;
    type = "derivation";
    outputs = [ "out" ];
  };
  librariesOf =
    (scope {
      inherit lib;
      pkgs = {
        zstd = library "zstd" // {
          lib = library "zstd-lib";
        };
        xorg.libxcb = library "libxcb";
      };
    }).librariesOf;
in
{
  "the output with the library, also of nested attributes" = {
    expr = lib.catAttrs "name" (librariesOf [
      "xorg.libxcb"
      "zstd"
    ]);
    expected = [
      "libxcb"
      "zstd-lib"
    ];
  };
  "what the package set lacks is skipped" = {
    expr = lib.catAttrs "name" (librariesOf [
      "pango"
      "xorg.libxcb"
      "xorg.xcbutil"
    ]);
    expected = [ "libxcb" ];
  };
}
