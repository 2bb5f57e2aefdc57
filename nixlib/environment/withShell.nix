# An environment as a derivation that `nix-shell` and `nix develop` can enter.  They bring the inputs of a derivation and not
# what it makes; so the environment is the input of one that links to it.
{ pkgs }:

let
  withShell =
    {
      # The derivation of the environment.
      environment,
      # Packages whose programs are in the PATH of the shell, besides.
      programs,
      # From the result to its attributes besides those of the environment.
      passthru,
    }@arguments:
    let
      self =
        pkgs.stdenv.mkDerivation {
          inherit (environment) name meta;
          nativeBuildInputs = [ environment ] ++ programs;
          # Its folders are real, so that `symlinkJoin` and images can merge others into them.
          buildCommand = ''
            cp --recursive --symbolic-link --no-dereference ${environment} "$out"
          '';
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
