# A lock that is resolved over a snapshot while Nix evaluates, in a sandbox and without network.
{
  lib,
  pkgs,
  fail,
  package,
}:

let
  derivation = import ./derivation.nix {
    inherit
      lib
      pkgs
      fail
      package
      ;
  };
  readLock = import ../lock/read.nix { inherit lib fail; };
in
{
  pypiData,
  ...
}@arguments:
let
  lock = derivation (
    builtins.removeAttrs arguments [ "pypiData" ]
    // {
      options = [
        "--pypi-data"
        "${pypiData}"
        "--offline"
      ];
      # Where imports from derivations are forbidden, Nix shows this name and nothing else of us.
      attributes.name = "no-lock-file-given--write-one-with-mach-nix-lock";
      # A refusal is a result like any other: what fails in a builder reaches the user as the last
      # lines of a log.
      finish = ''
        case $status in
          0) cp lock $out ;;
          1 | 2) cp report $out ;;
          *) cat report >&2; exit 1 ;;
        esac
      '';
    }
  );
  text = builtins.readFile lock;
in
if lib.hasPrefix "{" text then readLock "${lock}" else fail (lib.removeSuffix "\n" text)
