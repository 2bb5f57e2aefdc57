# The binding of libffi.  A nixpkgs that has the package names the same input.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "sdist";
    buildInputs.add = [ pkgs.libffi ];
  };
}
