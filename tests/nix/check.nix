# Derivations that fail when an environment does not work.
{ pkgs }:

let
  machNix = import ../.. { inherit pkgs; };

  # Programs in the environment get nothing from outside.
  works =
    name: environment: script:
    pkgs.runCommand "mach-nix-test-${name}" { } ''
      export env=${environment}
      runIsolated() { env -i "$@"; }
      ${script}
      touch $out
    '';
in
{
  inherit works;

  # The environment of a lock fixture.
  environment =
    name:
    works name (
      machNix.mkPython {
        requirements = ./locks + "/${name}/requirements.txt";
        lock = ./locks + "/${name}/mach-nix.lock";
      }
    );
}
