# Opens the libraries of Pango by name.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ... }: prov != "nixpkgs";
    nativeBuildInputs.add = [ (import ../libraryPathsHook.nix { inherit pkgs; }) ];
    buildInputs.add = map lib.getLib [
      pkgs.fontconfig
      pkgs.glib
      pkgs.harfbuzz
      pkgs.pango
    ];
  };
}
