# The binding of libffi. A nixpkgs with the package has the same input.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "sdist";
    buildInputs.add = [ pkgs.libffi ];
  };
}
