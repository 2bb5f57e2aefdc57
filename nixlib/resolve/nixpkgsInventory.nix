# The inventory of some packages of nixpkgs and their dependencies, as the resolver reads it.
{ inventory, pythonAttribute }:

python: names:
let
  described = {
    ${pythonAttribute python.pythonVersion} = (inventory python).closure names;
  };
in
# It has texts of derivations, and none of their outputs is to be built for it.
builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.toJSON described))
