# The functions of mach-nix for nix-build and nix-shell.  The first of these that exists:
# - `<mach-nix>` of NIX_PATH, or of `nix-build -I mach-nix=PATH`
# - the clone of mach-nix that this folder is in
# - the version that flake.lock pins
# - the newest version
let
  found = builtins.tryEval <mach-nix>;
  pinned = (builtins.fromJSON (builtins.readFile ./flake.lock)).nodes.mach-nix.locked;
  tarball = version: "https://github.com/DavHau/mach-nix/archive/${version}.tar.gz";
  fetch = {
    path = { path, ... }: path;
    git =
      { url, rev, ... }:
      fetchGit {
        inherit url rev;
        allRefs = true;
      };
    github =
      { rev, narHash, ... }:
      fetchTarball {
        url = tarball rev;
        sha256 = narHash;
      };
  };
in
import (
  if found.success then
    found.value
  else if builtins.pathExists ../../nixlib then
    ../..
  else if builtins.pathExists ./flake.lock then
    fetch.${pinned.type} pinned
  else
    fetchTarball (tarball "master")
)
