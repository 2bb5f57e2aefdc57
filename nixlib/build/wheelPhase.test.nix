{ lib, pkgs, ... }:

let
  wheelPhase = import ./wheelPhase.nix { inherit lib; };
  phase =
    versioned:
    wheelPhase {
      python = pkgs.python311;
      buildEnvironment = "/environment";
      name = "x";
      version = "1!2.0";
      inherit versioned;
    };
in
{
  "name and version are quoted" = {
    expr =
      lib.hasInfix "--name x --version '1!2.0'" (phase true)
      || lib.hasInfix "--name 'x' --version '1!2.0'" (phase true);
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
