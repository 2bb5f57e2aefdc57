# Every export has a test file, as has every file of the library.
{ lib, machNix, ... }:

let
  nixlib = ../../nixlib;

  files =
    folder:
    lib.concatLists (
      lib.mapAttrsToList (
        name: type:
        if type == "directory" then
          files (folder + "/${name}")
        else
          lib.optional (lib.hasSuffix ".nix" name && !(lib.hasSuffix ".test.nix" name)) (folder + "/${name}")
      ) (builtins.readDir folder)
    );
  untested = file: !(builtins.pathExists "${lib.removeSuffix ".nix" (toString file)}.test.nix");
in
{
  "every export has a test file" = {
    expr = lib.filter (name: untested (nixlib + "/${name}.nix")) (lib.attrNames machNix);
    expected = [ ];
  };
  "every file but the map has a test file" = {
    expr = map baseNameOf (lib.filter untested (files nixlib));
    expected = [ "default.nix" ];
  };
}
