# The packages of an environment before the user's overrides: with the fixes of ../fixes.
{ fixes, builtInFixes }:

# The interpreter without the packages, and the packages by name.
{ python }:
packages: packages // fixes { inherit python; } builtInFixes packages packages
