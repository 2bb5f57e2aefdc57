# The wheel contains Qt 5, which links to libraries outside of the policy for wheels.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov == "wheel" && pkgs.stdenv.hostPlatform.isLinux;
    buildInputs.add = import ../nixpkgs/qtLibraries.nix { inherit lib pkgs; };
  };
}
