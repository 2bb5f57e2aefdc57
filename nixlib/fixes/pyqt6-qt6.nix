# QtCore links to zstd, which the rules for wheels (PEP 600) do not count among what a system has.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "wheel" && pkgs.stdenv.hostPlatform.isLinux;
    buildInputs.add = [ (lib.getLib pkgs.zstd) ];
  };
}
