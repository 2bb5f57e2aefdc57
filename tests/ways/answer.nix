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
  library = import ../../nixlib/scope.nix {
    inherit lib pkgs;
    fail = message: throw message;
  };
  asked = library.readRequest (builtins.removeAttrs arguments [ "providers" ]);
  providers = if arguments ? providers then library.readProviders arguments.providers else null;
  named = library.namedForNixpkgs {
    inherit asked providers;
  };
in
builtins.removeAttrs (library.plugin {
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
