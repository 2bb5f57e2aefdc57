{
  lib,
  pkgs,
  scope,
  ...
}:

let
  wheelPhase = (scope { inherit lib; }).wheelPhase;
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
    expr =
      builtins.match ".*--name '?x'? --attribute '?x'?[^-]*--version '1!2.0'.*" (phase true) != null;
    expected = true;
  };
  "crates of Rust" = {
    expr =
      let
        new =
          crates:
          wheelPhase {
            python = pkgs.python311;
            buildEnvironment = "/environment";
            inherit crates;
            name = "x";
            version = "1.0";
            versioned = true;
          };
        isNamed = phase: [
          (lib.hasInfix "--crates /crates" phase.buildPhase)
          (lib.hasInfix "CARGO_BUILD_JOBS=$NIX_BUILD_CORES" phase.buildPhase)
          (lib.hasInfix "/crates" phase.forgetBuildEnvironmentPhase)
        ];
      in
      map (crates: isNamed (new crates)) [
        "/crates"
        null
      ];
    expected = [
      [
        true
        true
        true
      ]
      [
        false
        false
        false
      ]
    ];
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
