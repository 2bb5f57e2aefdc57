{ pkgs, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  interpreter =
    python:
    (scope {
      inherit pkgs python fail;
    }).interpreter;
in
{
  "the default of nixpkgs" = {
    expr = interpreter null null == pkgs.python3;
    expected = true;
  };
  "the one of the import" = {
    expr = interpreter "python311" null == pkgs.python311;
    expected = true;
  };
  "the one of the call" = {
    expr = interpreter "python27" pkgs.python311 == pkgs.python311;
    expected = true;
  };
  "an unknown name" = {
    expr = interpreter null "python99";
    expectedError.msg = "`python` is `\"python99\"`, but `pkgs` has no such attribute; use one that it has, such as `\"python3\"`";
  };
  "a package set" = {
    expr = interpreter null pkgs.python3.pkgs;
    expectedError.msg = "`python` must be an interpreter such as `pkgs.python311` or the name of one such as `\"python311\"`, but is an attribute set";
  };
}
