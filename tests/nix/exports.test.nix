# Every export has a test file, as has every file of the library.
{
  lib,
  pkgs,
  machNix,
  ...
}:

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
  "every file but default.nix has a test file" = {
    expr = map baseNameOf (lib.filter untested (files nixlib));
    expected = [ "default.nix" ];
  };

  "every argument of the import is taken" = {
    expr =
      lib.attrNames (
        import ../.. {
          inherit pkgs;
          python = "python311";
          pypiData = null;
          package = null;
        }
      ) == lib.attrNames machNix;
    expected = true;
  };
  "an argument of the import with a mistake in it" = {
    expr = import ../.. {
      inherit pkgs;
      pyton = "python311";
    };
    expectedError.msg = "import mach-nix: unknown argument `pyton`; did you mean `python`\\?";
  };
  "an argument of the import that is gone" = {
    expr = import ../.. {
      inherit pkgs;
      pypiDataRev = "…";
    };
    expectedError.msg = "import mach-nix: the argument `pypiDataRev` is gone: there is no central database any more; `mach-nix lock --exclude-newer DATE` fixes the state of the index";
  };
}
