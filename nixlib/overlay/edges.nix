# The names of the dependencies that the derivation of a locked package gets.
#
# Edges that close a cycle are omitted, because derivations cannot be cyclic. The environment
# contains all packages, so that none is lost. An edge may also lead to a package that only other
# targets need.
{ lib }:

# The locked packages, by name.
packages: package:
let
  known = lib.filter (name: packages ? ${name}) (package.dependencies or [ ]);
in
if package ? cyclic then lib.filter (name: !(lib.elem name package.cyclic)) known else known
