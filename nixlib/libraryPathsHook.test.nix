{ lib, machNix, ... }:

{
  "a derivation" = {
    expr =
      lib.isString machNix.libraryPathsHook.drvPath
      && lib.getName machNix.libraryPathsHook == "library-paths-hook";
    expected = true;
  };
}
