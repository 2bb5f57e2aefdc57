# Whether something is a Python package: nixpkgs gives these their interpreter, and applications `false`.
{ }:

input: input ? pythonModule && !(builtins.isBool input.pythonModule)
