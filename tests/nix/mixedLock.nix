# Requirements and a lock file that take some packages from nixpkgs, with the versions that it has,
# and others as wheels from the lock files in ./locks.
{ lib, pkgs }:

let
  inherit (import ./lockFile.nix { inherit lib; }) data;
  digest = import ../../nixlib/lock/digest.nix { inherit lib; };
in
{
  # Names of packages, each with the names of those it depends on.
  nixpkgs,
  # Names of packages, by the folder of the lock file.
  wheels,
}:
let
  entries = folder: (lib.importJSON (./locks + "/${folder}/mach-nix.lock")).packages;
  wheel = folder: name: lib.findFirst (package: package.name == name) null (entries folder);

  packages =
    lib.mapAttrsToList (name: dependencies: {
      inherit name dependencies;
      inherit (pkgs.python311.pkgs.${name}) version;
      provider = "nixpkgs";
      attribute = name;
    }) nixpkgs
    ++ lib.concatLists (lib.mapAttrsToList (folder: map (wheel folder)) wheels);
  requirements = lib.sort (a: b: a < b) (
    map (package: "${package.name}==${package.version}") packages
  );
in
{
  requirements = lib.concatStringsSep "\n" requirements;
  # As data: Nix 2.8 does not read what it has itself put into the store in a pure evaluation, and no
  # Nix does where it may not write (`nix flake check --no-build`).
  lock = data // {
    file = ./locks/flask/mach-nix.lock;
    request = data.request // {
      inherit requirements;
      digest = digest.digest requirements;
    };
    inherit packages;
  };
}
