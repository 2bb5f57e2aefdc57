# The binding of libxml2 and libxslt, which its source finds by their programs xml2-config and
# xslt-config.  A nixpkgs that has the package names the same inputs.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "sdist";
    nativeBuildInputs.add = map lib.getDev [
      pkgs.libxml2
      pkgs.libxslt
    ];
    buildInputs.add = [
      pkgs.libxml2
      pkgs.libxslt
      pkgs.zlib
    ];
  };
}
