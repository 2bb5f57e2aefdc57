# Opens libfluidsynth by name.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov != "nixpkgs";
    nativeBuildInputs.add = [ (import ../libraryPathsHook.nix { inherit pkgs; }) ];
    buildInputs.add = import ../nixpkgs/librariesOf.nix { inherit lib pkgs; } [ "fluidsynth" ];
  };
}
