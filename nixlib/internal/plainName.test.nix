{ lib, ... }:

let
  plainName = import ./plainName.nix { inherit lib; };
in
{
  "a path" = {
    expr = plainName /a/requirements.txt;
    expected = "requirements.txt";
  };
  "a file in the store" = {
    expr = plainName (builtins.toFile "dev.txt" "");
    expected = "dev.txt";
  };
}
