# An environment as a derivation that `nix-shell` and `nix develop` can enter. They provide the
# inputs of a derivation and not its output; so the environment is the input of a derivation that
# links to it.
{ lib, pkgs }:

let
  withShell =
    {
      # The derivation of the environment.
      environment,
      # Additional packages whose programs are in the PATH of the shell.
      programs,
      # Commands that a shell runs at first.
      shellHook ? "",
      # From the result to its additional attributes.
      passthru,
    }@arguments:
    let
      self =
        pkgs.stdenv.mkDerivation {
          inherit (environment) name meta;
          nativeBuildInputs = [ environment ] ++ programs;
          # Its folders are not links, so that `symlinkJoin` and images can merge others into them.
          buildCommand = ''
            cp --recursive --symbolic-link --no-dereference ${environment} "$out"
          ''
          # For `mach-nix shell` and `run`.
          + lib.optionalString (programs != [ ]) ''
            chmod u+w "$out"
            mkdir -p "$out/nix-support"
            printf '%s\n' ${
              lib.escapeShellArgs (map (package: "${package}/bin") programs)
            } >"$out/nix-support/mach-nix-programs"
          '';
          inherit shellHook;
          preferLocalBuild = true;
          allowSubstitutes = false;
          passthru = environment.passthru // passthru self;
        }
        // {
          overrideAttrs =
            change:
            withShell (
              arguments
              // {
                environment = environment.overrideAttrs change;
              }
            );
        };
    in
    self;
in
withShell
