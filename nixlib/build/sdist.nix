# A locked source as a derivation, built with the locked build environment.
#
# See docs/decisions/0018-sources-are-built-apart.md and 0011-inherited-from-nixpkgs.md.
{
  lib,
  fail,
  cargo,
  compat,
  sourceEnvironment,
  source,
  inherited,
  wheelPhase,
}:

{
  # From an entry of a lock to a derivation.
  buildEntry,
  # The interpreter without the locked packages.
  python,
  # The entry of the lock.
  package,
  # The derivations of its dependencies.
  dependencies,
  # Whether it runs its tests.
  tests ? false,
}:
let
  buildEnvironment = sourceEnvironment {
    inherit python buildEntry;
    inherit (package.build) packages;
  };

  # Whether the build runs cargo, even without crates.
  runsCargo = package.build ? cargo;
  crates = if runsCargo then cargo.crates package.build.cargo else null;

  attributes =
    compat.pyproject python
    // source package
    // wheelPhase {
      inherit python buildEnvironment crates;
      inherit (package) name version;
      versioned = package ? file;
    }
    // {
      pname = package.name;
      inherit (package) version;

      doCheck = tests;

      # As for wheels: the resolver ensures both.
      catchConflicts = false;
      dontCheckRuntimeDeps = true;

      passthru = {
        inherit (package) provider;
        inherit buildEnvironment crates;
      };
    }
    // lib.optionalAttrs runsCargo { inherit (cargo) nativeBuildInputs; };

  known = inherited.definition python package.name;
in
if package.build or null == null then
  fail "package `${package.name}` is locked from its source, but without a build environment; renew the lock with this version of mach-nix"
else if known == null then
  python.pkgs.buildPythonPackage (attributes // { propagatedBuildInputs = dependencies; })
else
  known.overridePythonAttrs (
    inherited.attributes {
      inherit
        attributes
        dependencies
        package
        tests
        ;
    }
  )
