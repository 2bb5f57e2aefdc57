# The binding of libxml2 and libxslt, whose source finds them by their programs xml2-config and
# xslt-config. A nixpkgs with the package has the same inputs.
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
