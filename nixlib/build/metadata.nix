# The metadata from the build backend of a locked source; see ./ask.nix.
{
  lib,
  askBackend,
}:

{
  # From an entry of a lock to a derivation.
  buildEntry,
  # The interpreter without the locked packages.
  python,
  # The entry of the source, with its build environment.
  package,
  # Whether to ask for the metadata, too; else for the requirements of the build only.
  metadata,
}:
let
  # Metadata is read from Cargo.toml, with everything that it depends on; what a backend needs is said
  # without, and the crates of a large program are many.
  asked =
    package
    // lib.optionalAttrs (!metadata && package.build ? cargo) {
      build = package.build // {
        cargo = [ ];
      };
    };
in
askBackend {
  inherit python;
  inherit (package) name version;
  versioned = package ? file;
  built = buildEntry {
    inherit python;
    package = asked;
    # Unknown as yet.
    dependencyNames.${package.name} = [ ];
    locked = { };
  };
  options = lib.optional metadata "--metadata";
}
