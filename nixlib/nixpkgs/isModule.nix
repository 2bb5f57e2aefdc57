# Whether a value is a Python package: nixpkgs sets its interpreter, and `false` for applications.
{ }:

input: input ? pythonModule && !(builtins.isBool input.pythonModule)
