# The build environment of one source: an interpreter that sees the locked build requirements and
# nothing else.
#
# It is a set of its own.  Its packages are neither those of the runtime environment nor those that
# nixpkgs' hooks are made of, and it is not an input of the derivation: only the process that
# builds the wheel (./build_wheel.py) runs with it.  The fixes count in it, too.
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
  # Python packages besides.
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
  # As pip has it: where two packages hold the same file, there is no one to choose.
  ignoreCollisions = true;
}
