# Opens libenchant by name.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov != "nixpkgs";
    nativeBuildInputs.add = [ (import ../libraryPathsHook.nix { inherit pkgs; }) ];
    buildInputs.add = map lib.getLib [ pkgs.enchant ];
  };
}
