{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  derivation = derivationOver pkgs;
  derivationOver =
    pkgs: package:
    (scope {
      inherit
        lib
        pkgs
        fail
        package
        ;
    }).lockDerivation
      {
        query.requirements = "flask";
        attributes.name = "mach-nix.lock";
        finish = "cp answer $out";
      };
  program = pkgs.runCommand "mach-nix" { } "mkdir $out";
in
{
  "the query is a file in JSON" = {
    expr = {
      inherit (derivation program) query;
      isFile = lib.elem "query" (derivation program).passAsFile;
    };
    expected = {
      query = ''{"requirements":"flask"}'';
      isFile = true;
    };
  };
  "the arguments of the command" = {
    expr = lib.hasInfix "/bin/mach-nix lock --query \"$queryPath\" --output lock >answer" (derivation program)
    .buildCommand;
    expected = true;
  };
  "the path of a program" = {
    expr = lib.hasInfix "-plainName.nix " (derivation ../text/plainName.nix).buildCommand;
    expected = true;
  };
  "nothing to build the program with" = {
    expr = (derivationOver (builtins.removeAttrs pkgs [ "rustPlatform" ]) null).buildCommand;
    expectedError.msg = "this package set has no `rustPlatform` to build the command `mach-nix` with; give one that is built to the import";
  };
  "no program" = {
    expr = derivation 1;
    expectedError.msg = "`package` of the import must be a derivation with bin/mach-nix or the path of that program";
  };
}
