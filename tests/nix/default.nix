# The tests of the Nix library: every `*.test.nix` below nixlib and next to this file.
#
# A test file is a function of { lib, pkgs, machNix, scope } to cases by name.  A case has `expr` and either
# `expected` or `expectedError.msg`, a regular expression (as grep -E has it) that the error
# message must match once its white space is reduced to single spaces.  ./run.sh runs them.
{ pkgs }:

let
  inherit (pkgs) lib;
  root = ../..;
  machNix = import root { inherit pkgs; };

  testFiles =
    folder:
    lib.concatLists (
      lib.mapAttrsToList (
        name: type:
        if type == "directory" then
          testFiles "${folder}/${name}"
        else
          lib.optional (lib.hasSuffix ".test.nix" name) "${folder}/${name}"
      ) (builtins.readDir (root + "/${folder}"))
    );

  # The files of the library over a context of the test.
  scope =
    context:
    import (root + "/nixlib/scope.nix") (
      {
        inherit lib pkgs;
        python = null;
        package = null;
        pypiData = null;
        fail = message: throw message;
      }
      // context
    );

  cases = lib.genAttrs (testFiles "nixlib" ++ testFiles "tests/nix") (
    file:
    import (root + "/${file}") {
      inherit
        lib
        pkgs
        machNix
        scope
        ;
    }
  );

  all = lib.concatLists (
    lib.mapAttrsToList (file: lib.mapAttrsToList (name: case: case // { inherit file name; })) cases
  );

  outcome =
    case:
    let
      got = builtins.toJSON case.expr;
      expected = builtins.toJSON case.expected;
    in
    {
      inherit (case) file name;
      passed = got == expected;
      inherit got expected;
    };
in
{
  inherit cases;
  outcomes = map outcome (lib.filter (case: case ? expected) all);
  errors = map (case: {
    inherit (case) file name;
    inherit (case.expectedError) msg;
  }) (lib.filter (case: case ? expectedError) all);
  one = file: name: outcome (cases.${file}.${name} // { inherit file name; });
}
