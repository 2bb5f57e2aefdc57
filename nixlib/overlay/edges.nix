# The names of the dependencies of a locked package that its derivation gets.
#
# Edges that close a cycle are left out: a derivation can't be part of itself.  The environment holds
# all packages, so none is lost.  An edge may also lead to a package which only other targets need.
{ lib }:

# The locked packages, by name.
packages: package:
let
  known = lib.filter (name: packages ? ${name}) (package.dependencies or [ ]);
in
if package ? cyclic then lib.filter (name: !(lib.elem name package.cyclic)) known else known
