{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix lock: ${message}";
  buildEntry = (scope { inherit lib pkgs fail; }).buildEntry;
  query = (scope { inherit lib pkgs; }).metadata;

  askWith =
    build: metadata:
    query {
      inherit buildEntry;
      python = pkgs.python311;
      package = lockFile.package "unheard-of" "1.0" // {
        provider = "sdist";
        file = "unheard-of-1.0.tar.gz";
        url = "https://example.org/unheard-of-1.0.tar.gz";
        build = {
          requires = [ "setuptools" ];
          packages = [ (lockFile.package "setuptools" "70.0.0") ];
        }
        // build;
      };
      inherit metadata;
    };
  answer = askWith { };
in
{
  "the derivation of the source with another build phase" = {
    expr = {
      inherit (answer true) name phases;
      isAsked = lib.hasInfix "ask_backend.py" (answer true).buildPhase;
    };
    expected = {
      name = "unheard-of-1.0-metadata";
      phases = [
        "unpackPhase"
        "patchPhase"
        "configurePhase"
        "buildPhase"
      ];
      isAsked = true;
    };
  };
  "crates are there for the metadata only" = {
    expr =
      let
        cargo = [
          {
            name = "itoa";
            version = "1.0.10";
            url = "https://example.org/itoa-1.0.10.crate";
            hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
          }
        ];
        asked = map (metadata: (askWith { inherit cargo; } metadata).buildPhase) [
          true
          false
        ];
        none = (askWith { cargo = [ ]; } false).buildPhase;
      in
      map (phase: lib.hasInfix "--crates" phase) asked ++ [ (lib.elemAt asked 1 == none) ];
    expected = [
      true
      true
      true
    ];
  };
  "what the metadata costs is paid only where it is asked for" = {
    expr = map (metadata: lib.hasInfix "--metadata" (answer metadata).buildPhase) [
      true
      false
    ];
    expected = [
      true
      false
    ];
  };
}
