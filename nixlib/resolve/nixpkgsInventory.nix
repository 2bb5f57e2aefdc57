# The inventory of some packages of nixpkgs and their dependencies, in the form that the resolver
# reads: a text in JSON.
{ inventory, pythonAttribute }:

python: names:
builtins.unsafeDiscardStringContext (
  builtins.toJSON {
    ${pythonAttribute python.pythonVersion} = (inventory python).closure names;
  }
)
