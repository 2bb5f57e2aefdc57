{ lib, scope, ... }:

let
  plainName = (scope { inherit lib; }).plainName;
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
