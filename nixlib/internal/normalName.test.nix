{ lib, ... }:

let
  normalName = import ./normalName.nix { inherit lib; };
in
{
  "lower case and runs" = {
    expr = map normalName [
      "Zope.Interface"
      "ruamel__yaml"
      "a-_.B"
      "flask"
      ""
    ];
    expected = [
      "zope-interface"
      "ruamel-yaml"
      "a-b"
      "flask"
      ""
    ];
  };
}
