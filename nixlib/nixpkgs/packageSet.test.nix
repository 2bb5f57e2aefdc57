{ ... }:

let
  packageSet = import ./packageSet.nix;
  received = parameters: packageSet { path = builtins.toFile "set.nix" "${parameters}: arguments"; };
in
{
  "a set" = {
    expr = packageSet { path = builtins.toFile "set.nix" "{ a = 1; }"; };
    expected.a = 1;
  };
  "a function" = {
    expr = packageSet { path = builtins.toFile "function.nix" "{ a ? 2, ... }: { inherit a; }"; };
    expected.a = 2;
  };
  "a function of all settings" = {
    expr = received "arguments";
    expected = {
      system = builtins.currentSystem;
      config = { };
      overlays = [ ];
    };
  };
  "a function gets the settings that it takes, whether it needs them or not" = {
    expr = received "{ system, overlays ? null, other ? 1 }@arguments";
    expected = {
      system = builtins.currentSystem;
      overlays = [ ];
    };
  };
}
