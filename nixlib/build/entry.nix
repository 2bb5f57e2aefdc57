# An entry of a lock as a derivation, for any provider.
{
  lib,
  fail,
  buildSdist,
  buildWheel,
  condaPackages,
  condaProject,
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
  # Behind the name of the provider stands that of the channel; all packages of conda together are an entry of their own.
  builder =
    package:
    builders.${package.provider} or (
      if package.provider == "conda" then
        condaPackages
      else if lib.hasPrefix "conda/" package.provider then
        condaProject
      else
        unknown package
    );
  unknown =
    package:
    fail "package `${package.name}` is locked from the provider `${package.provider}`, which can't be built; lock it from one of ${
      lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames builders)
    } with `mach-nix lock --provider ${package.name}=…`";

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
    builder package {
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
