# An entry of a lock as a derivation, for any provider.
{
  lib,
  fail,
  buildSdist,
  buildWheel,
  fromNixpkgs,
}:

let
  # These take the derivations of the package's dependencies.
  ofSources = {
    sdist = arguments: buildSdist (arguments // { inherit buildEntry; });
    wheel = buildWheel;
  };

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
      nixpkgs = fromNixpkgs;
    };

  buildEntry =
    {
      # The interpreter without the locked packages.
      python,
      # The entry.
      package,
      # The names of the dependencies of each locked package, by name.
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
