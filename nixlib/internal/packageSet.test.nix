{ ... }:

let
  packageSet = import ./packageSet.nix;
in
{
  "a set" = {
    expr = packageSet (builtins.toFile "set.nix" "{ a = 1; }");
    expected.a = 1;
  };
  "a function" = {
    expr = packageSet (builtins.toFile "function.nix" "{ a ? 2, ... }: { inherit a; }");
    expected.a = 2;
  };
}
