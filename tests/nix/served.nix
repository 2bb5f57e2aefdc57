# Packages whose sources come from a server and a repository on this machine.
{ pkgs }:
{
  # The address of an archive of projects/isolated, and its hash.
  address,
  archiveHash,
  # The address of a repository with projects/isolated in the folder `python`, a revision, and the NAR
  # hash of its checkout.
  repository,
  revision,
  narHash,
}:

let
  source = import ./source.nix { inherit pkgs; };
  check = import ./check.nix { inherit pkgs; };
  works =
    name: entry:
    check.works name (source.python.withPackages (_: [ (source.buildFrom entry { }) ])) ''
      test "$(runIsolated $env/bin/isolated)" = isolated
    '';
  archive = {
    name = "isolated";
    version = "1.0";
    direct = true;
    file = "isolated-1.0.tar.gz";
    url = "${address}isolated-1.0.tar.gz";
    hash = archiveHash;
  };
in
{
  builds = {
    archive = works "archive" archive;
    git = works "git" {
      name = "isolated";
      version = "1.0";
      git = {
        url = repository;
        rev = revision;
        subdirectory = "python";
      };
      hash = narHash;
    };
  };
  # The file behind the address is another one than the locked.
  changed =
    (source.buildFrom (
      archive
      // {
        file = "changed-1.0.tar.gz";
        url = "${address}changed-1.0.tar.gz";
      }
    ) { }).src;
}
