{ lib, scope, ... }:

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
      (scope {
        inherit lib;
        pkgs = {
          dbus = library "dbus";
          zstd = library "zstd" // {
            lib = library "zstd-lib";
          };
          xorg.libxcb = library "libxcb";
        };
      }).qtLibraries
    );
    expected = [
      "dbus"
      "libxcb"
      "zstd-lib"
    ];
  };
}
