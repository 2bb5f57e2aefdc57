{ lib, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  check = import ./arguments.nix { inherit lib fail; } {
    any = null;
    postBuild = "string";
  };
in
{
  "known arguments" = {
    expr = check {
      any = 1;
      postBuild = "";
    };
    expected = {
      any = 1;
      postBuild = "";
    };
  };
  "an unknown argument" = {
    expr = check { requirement = ""; };
    expectedError.msg = "mach-nix.mkPython: unknown argument `requirement`; the arguments are `any`, `postBuild`";
  };
  "a wrong type" = {
    expr = check { postBuild = [ ]; };
    expectedError.msg = "`postBuild` must be a string, but is a list";
  };
  "no attribute set" = {
    expr = check [ ];
    expectedError.msg = "expected an attribute set as argument, but got a list";
  };
}
