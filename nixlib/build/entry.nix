# One entry of a lock as a derivation, whatever its provider.
{
  lib,
  pkgs,
  fail,
}:

let
  # These take the derivations of what the package depends on.
  ofSources = {
    sdist = import ./sdist.nix {
      inherit
        lib
        pkgs
        fail
        buildEntry
        ;
    };
    wheel = import ./wheel.nix { inherit lib pkgs fail; };
  };
  nixpkgs = import ./nixpkgs.nix { inherit lib pkgs fail; };

  builders =
    lib.mapAttrs (
      _: build:
      {
        python,
        package,
        dependencyNames,
        locked,
        tests,
      }:
      build {
        inherit python package tests;
        dependencies = map (name: locked.${name}) dependencyNames.${package.name};
      }
    ) ofSources
    // {
      inherit nixpkgs;
    };

  buildEntry =
    {
      # The interpreter without the locked packages.
      python,
      # The entry.
      package,
      # The names of what each of the locked packages depends on, by name.
      dependencyNames,
      # Their derivations, by name.
      locked,
      # Whether packages run their tests.
      tests ? false,
    }:
    (builders.${package.provider}
      or (fail "package `${package.name}` is locked from the provider `${package.provider}`, which can't be built; lock it from one of ${
        lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames builders)
      } with `mach-nix lock --provider ${package.name}=…`")
    )
      {
        inherit
          python
          package
          dependencyNames
          locked
          tests
          ;
      };
in
buildEntry
