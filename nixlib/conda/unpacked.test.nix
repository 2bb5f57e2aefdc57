{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherit (scope { inherit lib pkgs; }) condaUnpacked;
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) conda;
  unpacked =
    changes:
    condaUnpacked {
      python = pkgs.python311;
      package = conda "conda:libblas" ({ condaName = "libblas"; } // changes);
    };
in
{
  "the program has the file, and what the lock says of it" = {
    expr =
      let
        drv = unpacked { dependencies = [ "conda:x" ]; };
      in
      {
        inherit (drv) name;
        file = lib.hasSuffix "-libblas-1.0-0.conda" (lib.last drv.args);
        package = builtins.fromJSON drv.package;
      };
    expected = {
      name = "conda-libblas-1.0-0";
      file = true;
      package = {
        build = "0";
        condaName = "libblas";
        file = "libblas-1.0-0.conda";
        version = "1.0";
      };
    };
  };
  "it is the same whatever the package depends on" = {
    expr =
      (unpacked { dependencies = [ "conda:x" ]; }).drvPath == (unpacked { targets = [ 0 ]; }).drvPath;
    expected = true;
  };
  "an epoch is in no name of the store" = {
    expr = (unpacked { file = "libblas-2!1.0-0.tar.bz2"; }).name;
    expected = "conda-libblas-2-1.0-0";
  };
}
