{ lib, scope, ... }:

let
  sourceFolder = (scope { inherit lib; }).sourceFolder;
in
{
  "what is no source is left out" = {
    expr = lib.attrNames (builtins.readDir (sourceFolder "x" ../../tests/nix/projects/cluttered));
    expected = [
      "kept.py"
      "pyproject.toml"
    ];
  };
  "the name does not depend on the name of the folder" = {
    expr = lib.hasSuffix "-x-source" (sourceFolder "x" ../../tests/nix/projects/cluttered);
    expected = true;
  };
}
