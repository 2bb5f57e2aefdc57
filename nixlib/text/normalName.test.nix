{ lib, scope, ... }:

let
  normalName = (scope { inherit lib; }).normalName;
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
