# Opens libportaudio by name.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov != "nixpkgs";
    nativeBuildInputs.add = [ (import ../libraryPathsHook.nix { inherit pkgs; }) ];
    buildInputs.add = map lib.getLib [ pkgs.portaudio ];
  };
}
