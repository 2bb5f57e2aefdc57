# Builds that must fail, each with the reason that its log must give (as grep -E has it).  `address` is
# that of a server on this machine.
{ pkgs }:
{ address }:

let
  inherit (import ./source.nix { inherit pkgs; }) build;
in
{
  "another version of a build tool" = {
    drv = build "other-version" { };
    log = "building `other-version` needs `setuptools==70.0.0`, but [0-9.]+ is locked; lock `other-version` anew";
  };
  "a build tool that is not locked" = {
    drv = build "unlocked-tool" { };
    log = "No module named 'installer'";
  };
  "another version than the locked one" = {
    drv = build "wrong-version" { };
    log = "the source of `wrong-version` 1.0 builds `wrong-version` 1.1; lock it anew";
  };
  "the network" = {
    drv = build "reaches-out" { ADDRESS = address; };
    log = "Connection refused";
  };
}
