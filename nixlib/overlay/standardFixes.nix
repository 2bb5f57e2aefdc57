# Packages as an environment has them before the overrides of the user: with the fixes of ../fixes.
{ fixes, builtInFixes }:

# The interpreter without the packages, and the packages by name.
{ python }:
packages: packages // fixes { inherit python; } builtInFixes packages packages
