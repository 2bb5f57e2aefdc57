# What nixpkgs has of some packages, and of what they depend on there, in the form that the resolver
# reads: a text in JSON.
{ inventory, pythonAttribute }:

python: names:
builtins.unsafeDiscardStringContext (
  builtins.toJSON {
    ${pythonAttribute python.pythonVersion} = (inventory python).closure names;
  }
)
