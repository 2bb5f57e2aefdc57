# What nixpkgs has of some packages, and of what they depend on there, in the form that the resolver
# reads: a text in JSON.
{ lib }:

let
  inventory = import ../internal/inventory.nix { inherit lib; };
in
python: names:
builtins.unsafeDiscardStringContext (
  builtins.toJSON {
    "python${lib.replaceStrings [ "." ] [ "" ] python.pythonVersion}" =
      (inventory python).closure names;
  }
)
