{ lib, scope, ... }:

let
  edges = (scope { inherit lib; }).edges {
    a = { };
    b = { };
  };
in
{
  "none" = {
    expr = edges { name = "a"; };
    expected = [ ];
  };
  "edges of a cycle and of other targets are left out" = {
    expr = edges {
      dependencies = [
        "a"
        "b"
        "c"
      ];
      cyclic = [ "b" ];
    };
    expected = [ "a" ];
  };
}
