# The names of the dependencies of a locked package that its derivation gets.
#
# Edges that close a cycle are left out: a derivation can't be part of itself.  The environment holds
# all packages, so none is lost.  An edge may also lead to a package which only other targets need.
{ lib }:

# The locked packages, by name.
packages: package:
lib.filter (name: packages ? ${name} && !(lib.elem name (package.cyclic or [ ]))) (
  package.dependencies or [ ]
)
