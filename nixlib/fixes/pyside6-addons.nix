# The wheel has parts of Qt 6 in it, which link to libraries that wheels may not expect of a system.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "wheel" && pkgs.stdenv.hostPlatform.isLinux;
    buildInputs.add = import ../internal/qtLibraries.nix { inherit lib pkgs; };
  };
}
