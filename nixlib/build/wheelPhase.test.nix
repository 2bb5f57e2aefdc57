{ lib, pkgs, ... }:

let
  wheelPhase = import ./wheelPhase.nix { inherit lib; };
  phase =
    versioned:
    (wheelPhase {
      python = pkgs.python311;
      buildEnvironment = "/environment";
      name = "x";
      version = "1!2.0";
      inherit versioned;
    }).buildPhase;
in
{
  "name and version are quoted" = {
    expr = builtins.match ".*--name '?x'? --version '1!2.0'.*" (phase true) != null;
    expected = true;
  };
  "a source without version" = {
    expr = map (versioned: lib.hasInfix "--unversioned" (phase versioned)) [
      true
      false
    ];
    expected = [
      false
      true
    ];
  };
}
