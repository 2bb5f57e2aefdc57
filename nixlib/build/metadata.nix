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
  # Whether to query the metadata too, or only the build requirements.
  metadata,
}:
let
  # Metadata is read from Cargo.toml with all dependencies; the build requirements are known without
  # them, and a large program has many crates.
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
    # Not known yet.
    dependencyNames.${package.name} = [ ];
    locked = { };
  };
  options = lib.optional metadata "--metadata";
}
