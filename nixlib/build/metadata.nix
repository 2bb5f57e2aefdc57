# What the build backend of a locked source says; see ./ask.nix.
{ lib, buildEntry }:

let
  ask = import ./ask.nix { inherit lib; };
in
{
  # The interpreter without the locked packages.
  python,
  # The entry of the source, with its build environment.
  package,
  # Whether to ask for the metadata, too; else for the requirements of the build only.
  metadata,
}:
ask {
  inherit python;
  inherit (package) name version;
  versioned = package ? file;
  built = buildEntry {
    inherit python package;
    # Unknown as yet.
    dependencyNames.${package.name} = [ ];
    locked = { };
  };
  options = lib.optional metadata "--metadata";
}
