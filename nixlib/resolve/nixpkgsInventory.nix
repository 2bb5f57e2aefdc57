# The inventory of some packages of nixpkgs and their dependencies, in the form of the resolver.
{ inventory, pythonAttribute }:

python: names:
let
  described = {
    ${pythonAttribute python.pythonVersion} = (inventory python).closure names;
  };
in
# It contains texts of derivations, whose outputs must not be built for it.
builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.toJSON described))
