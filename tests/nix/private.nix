# The files of entries on a server with a password: functions of `url` and `hash`.
{ pkgs }:

let
  source =
    (import ../../nixlib/scope.nix {
      inherit pkgs;
      inherit (pkgs) lib;
      fail = throw;
    }).source;
  entry =
    provider:
    { url, hash }:
    (source {
      name = "private";
      version = "1.0";
      file = "private-1.0.tar.gz";
      inherit provider url hash;
    }).src;
in
{
  sdist = entry "sdist";
  wheel = entry "wheel";
}
