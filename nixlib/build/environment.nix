# The build environment of a source: an interpreter with the locked build requirements and no other
# packages.
#
# A separate set: its packages are neither those of the runtime environment nor those of nixpkgs'
# hooks, and it is not an input of the derivation: only the process that builds the wheel
# (./build_wheel.py) uses it. Fixes apply to it, too.
{
  lib,
  condaEntries,
  edges,
  standardFixes,
}:

{
  # From an entry of a lock to a derivation.
  buildEntry,
  # The interpreter without the locked packages.
  python,
  # The locked build requirements.
  packages,
  # Additional Python packages.
  tools ? [ ],
}:
let
  byName = condaEntries {
    requirements = [ ];
    packages = lib.listToAttrs (map (package: lib.nameValuePair package.name package) packages);
  };

  locked = standardFixes { inherit python; } (
    lib.mapAttrs (
      _: package:
      buildEntry {
        inherit python package locked;
        dependencyNames = lib.mapAttrs (_: edges byName) byName;
      }
    ) byName
  );
in
python.buildEnv.override {
  extraLibs = lib.attrValues locked ++ tools;
  # As in pip: if two packages contain the same file, nobody can choose.
  ignoreCollisions = true;
}
