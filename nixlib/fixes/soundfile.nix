# Opens libsndfile by name; since version 0.11, wheels for Linux and macOS contain it.
{ lib, pkgs }:
{
  libraries = {
    _cond = { prov, ver, ... }: prov != "nixpkgs" && (prov == "sdist" || lib.versionOlder ver "0.11");
    nativeBuildInputs.add = [ (import ../libraryPathsHook.nix { inherit pkgs; }) ];
    buildInputs.add = import ../nixpkgs/librariesOf.nix { inherit lib pkgs; } [ "libsndfile" ];
  };
}
