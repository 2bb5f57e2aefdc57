{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  check = (scope { inherit lib fail; }).checkArguments {
    any = null;
    overridesPre = "list";
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
    expr = check { banana = ""; };
    expectedError.msg = "mach-nix.mkPython: unknown argument `banana`; the arguments are `any`, `overridesPre`, `postBuild`";
  };
  "an argument with a mistake in it" = {
    expr = check { postbuild = ""; };
    expectedError.msg = "mach-nix.mkPython: unknown argument `postbuild`; did you mean `postBuild`\\?";
  };
  "a wrong type" = {
    expr = check { postBuild = [ ]; };
    expectedError.msg = "`postBuild` must be a string, but is a list";
  };
  "no attribute set" = {
    expr = check [ ];
    expectedError.msg = "expected an attribute set as argument, but got a list";
  };

  "a former name" = {
    expr = check { overrides_pre = [ 1 ]; };
    expected.overridesPre = [ 1 ];
  };
  "a former name warns" = {
    expr = builtins.seq (check { overrides_pre = [ 1 ]; }) (throw "seen");
    expectedError.msg = "mach-nix: `overrides_pre` is now called `overridesPre`";
  };
  "a former name of what is not there" = {
    expr = check { add_requirements = ""; };
    expectedError.msg = "unknown argument `requirementsExtra`";
  };
  "a former name beside the present one" = {
    expr = check {
      overrides_pre = [ ];
      overridesPre = [ ];
    };
    expectedError.msg = "`overrides_pre` is the former name of `overridesPre`, and both are given; leave out `overrides_pre`";
  };
  "an argument without meaning" = {
    expr = check { ignoreDataOutdated = true; };
    expected = { };
  };
  "an argument of the import" = {
    expr = check { pkgs = { }; };
    expectedError.msg = "the argument `pkgs` is gone: give `pkgs` to the import: `import mach-nix \\{ pkgs = …; }`";
  };
  "an argument that is gone" = {
    expr = check { pypi_deps_db_commit = ""; };
    expectedError.msg = "the argument `pypi_deps_db_commit` is gone: there is no central database any more";
  };
}
