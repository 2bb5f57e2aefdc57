# A lock that is resolved over a snapshot while Nix evaluates, in a sandbox and without network.
{
  lib,
  fail,
  lockDerivation,
  inRounds,
  readLock,
}:

{
  pypiData,
  named,
  ...
}@arguments:

let
  ask =
    inventory:
    let
      answer = lockDerivation (
        builtins.removeAttrs arguments [
          "pypiData"
          "named"
        ]
        // {
          options = [
            "--pypi-data"
            "${pypiData}"
            "--offline"
            "--nixpkgs-inventory"
            "${builtins.toFile "nixpkgs-inventory.json" inventory}"
            "--nixpkgs-questions"
            "questions"
          ];
          # Where imports from derivations are forbidden, Nix shows this name and nothing else of us.
          attributes.name = "no-lock-file-given--write-one-with-mach-nix-lock";
          # A refusal is a result like any other: what fails in a builder reaches the user as the last
          # lines of a log.  So are questions about nixpkgs.  Warnings are for the log.
          finish = ''
            grep '^warning: ' report >&2 || true
            case $status in
              0) cp lock $out ;;
              1 | 2) sed '/^warning: /d' report >$out ;;
              4) cp questions $out ;;
              *) cat report >&2; exit 1 ;;
            esac
          '';
        }
      );
      text = builtins.readFile answer;
    in
    if lib.hasPrefix "[" text then
      { nixpkgs = builtins.fromJSON text; }
    else if lib.hasPrefix "{" text then
      readLock { } "${answer}"
    else
      fail (lib.removePrefix "error: " (lib.removeSuffix "\n" text));
in
inRounds {
  inherit (arguments) python;
  names = named;
  inherit ask;
}
