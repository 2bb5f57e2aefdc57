# The lock that the evaluator plugin answers with, as nixlib asks it: for run.sh, which compares it with the lock file.
{
  pkgs,
  pypiData,
  excludeNewer,
  # Arguments of `mkPython`, which name what is asked for.
  arguments,
}:

let
  inherit (pkgs) lib;
  library = ../../nixlib;
  fail = message: throw message;
  asked = import (library + "/internal/asked.nix") { inherit lib fail; } (
    builtins.removeAttrs arguments [ "providers" ]
  );
  providers =
    if arguments ? providers then
      import (library + "/internal/providers.nix") { inherit lib fail; } arguments.providers
    else
      null;
  named = import (library + "/internal/namedForNixpkgs.nix") { inherit lib; } {
    inherit asked providers;
  };
in
builtins.removeAttrs (import (library + "/resolve/plugin.nix") { inherit lib fail; } {
  inherit
    asked
    providers
    named
    excludeNewer
    pypiData
    ;
  inherit (pkgs.stdenv.hostPlatform) system;
  python = pkgs.python311;
}) [ "file" ]
