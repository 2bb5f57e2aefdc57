{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fetchPypi =
    (scope {
      inherit lib pkgs;
      fail = message: throw "mach-nix.fetchPypiSdist: ${message}";
    }).fetchPypi;
in
{
  "withHash passes a set" = {
    expr = fetchPypi.withHash "" (args: args.a) { a = 1; };
    expected = 1;
  };
  "withHash of the former form" = {
    expr = fetchPypi.withHash "fetchPypiSdist { }" (args: args.a) "requests";
    expectedError.msg = "mach-nix.fetchPypiSdist: there is no database to take the hash from any more; write .fetchPypiSdist \\{ }.";
  };
  "required" = {
    expr = fetchPypi.required [ "a" ] { a = 1; };
    expected.a = 1;
  };
  "required and missing" = {
    expr = fetchPypi.required [ "a" ] { };
    expectedError.msg = "mach-nix.fetchPypiSdist: the argument `a` is missing";
  };
}
