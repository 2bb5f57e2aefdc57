# The metadata from the build backend of a locked source; see ./queryBackend.nix.
{
  lib,
  queryBackend,
}:

{
  # From an entry of a lock to a derivation.
  buildEntry,
  # The interpreter without the locked packages.
  python,
  # The entry of the source, with its build environment.
  package,
  # Whether to query the metadata too; else only the requirements of the build.
  metadata,
}:
let
  # Metadata is read from Cargo.toml, with everything that it depends on; what a backend needs is said
  # without, and the crates of a large program are many.
  queried =
    package
    // lib.optionalAttrs (!metadata && package.build ? cargo) {
      build = package.build // {
        cargo = [ ];
      };
    };
in
queryBackend {
  inherit python;
  inherit (package) name version;
  versioned = package ? file;
  built = buildEntry {
    inherit python;
    package = queried;
    # Unknown as yet.
    dependencyNames.${package.name} = [ ];
    locked = { };
  };
  options = lib.optional metadata "--metadata";
}
