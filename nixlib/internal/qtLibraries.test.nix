{ lib, ... }:

let
  library = name: {
    inherit name;
    type = "derivation";
    outputs = [ "out" ];
  };
in
{
  "those that the package set has" = {
    expr = lib.catAttrs "name" (
      import ./qtLibraries.nix {
        inherit lib;
        pkgs = {
          dbus = library "dbus";
          zstd = library "zstd" // {
            lib = library "zstd-lib";
          };
          xorg.libxcb = library "libxcb";
        };
      }
    );
    expected = [
      "dbus"
      "libxcb"
      "zstd-lib"
    ];
  };
}
