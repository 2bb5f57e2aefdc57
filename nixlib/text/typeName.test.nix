{ lib, scope, ... }:

let
  typeName = (scope { }).typeName;
in
{
  "every type that a value can have" = {
    expr = map (value: typeName.${builtins.typeOf value}) [
      true
      1.5
      1
      lib.id
      [ ]
      null
      ./.
      { }
      ""
    ];
    expected = [
      "a boolean"
      "a float"
      "an integer"
      "a function"
      "a list"
      "null"
      "a path"
      "an attribute set"
      "a string"
    ];
  };
}
