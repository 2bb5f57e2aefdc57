{ lib, scope, ... }:

let
  nearest = (scope { inherit lib; }).nearest [
    "ignoreCollisions"
    "lock"
    "overridesPost"
    "overridesPre"
    "requirements"
    "tests"
  ];
  cases = {
    requirement = "requirements";
    requiremnets = "requirements";
    test = "tests";
    ignore_collisions = "ignoreCollisions";
    overridesPro = "overridesPre";
    Lock = "lock";
    lok = "lock";
    tests = "tests";
    banana = null;
    x = null;
  };
in
{
  "what was meant" = {
    expr = lib.mapAttrs (name: _: nearest name) cases;
    expected = cases;
  };
  "of nothing" = {
    expr = (scope { inherit lib; }).nearest [ ] "lock";
    expected = null;
  };
  "of an empty name" = {
    expr = (scope { inherit lib; }).nearest [ "" ] "a";
    expected = "";
  };
}
