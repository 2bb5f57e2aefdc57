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
    pkgs: package: changes:
    (scope {
      inherit
        lib
        pkgs
        fail
        package
        ;
    }).lockDerivation
      (
        {
          asked = {
            file = {
              name = "pyproject.toml";
              text = "[project]";
            };
            inputs = [
              "--pyproject"
              "pyproject.toml"
              "--extra"
              "docs"
            ];
          };
          python.pythonVersion = "3.11";
          system = "x86_64-linux";
          providers = null;
          excludeNewer = null;
          options = [ ];
          attributes.name = "mach-nix.lock";
          finish = "cp lock $out";
        }
        // changes
      );
  command = "lock --pyproject pyproject.toml --extra docs --python 3.11 --system x86_64-linux";
  runs =
    words: drv:
    lib.hasInfix "/bin/mach-nix ${words} --output lock" (
      lib.replaceStrings [ "'" ] [ "" ] drv.buildCommand
    );
  program = pkgs.runCommand "mach-nix" { } "mkdir $out";
in
{
  "the words of the command" = {
    expr = runs command (derivation program { });
    expected = true;
  };
  "providers and a date" = {
    expr =
      runs
        "${command} --providers wheel,sdist --provider numpy=wheel --exclude-newer 2026-11-01 --pypi-data x"
        (
          derivation program {
            providers = {
              _default = "wheel,sdist";
              numpy = "wheel";
            };
            excludeNewer = "2026-11-01";
            options = [
              "--pypi-data"
              "x"
            ];
          }
        );
    expected = true;
  };
  "the path of a program" = {
    expr = lib.hasInfix "-plainName.nix " (derivation ../text/plainName.nix { }).buildCommand;
    expected = true;
  };
  "nothing to build the program with" = {
    expr = (derivationOver (builtins.removeAttrs pkgs [ "rustPlatform" ]) null { }).buildCommand;
    expectedError.msg = "this package set has no `rustPlatform` to build the command `mach-nix` with; give one that is built to the import";
  };
  "no program" = {
    expr = derivation 1 { };
    expectedError.msg = "`package` of the import must be a derivation with bin/mach-nix or the path of that program";
  };
}
