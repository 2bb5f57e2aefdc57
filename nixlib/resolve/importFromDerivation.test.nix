# With a program that answers as told.  tests/end-to-end does the same with the real one.
{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  program = script: pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\n${script}";
  resolve = resolveFor { pythonVersion = "3.11"; };
  resolveFor =
    python: script:
    (scope {
      inherit lib pkgs fail;
      package = "${program script}";
    }).importFromDerivation
      {
        asked = {
          file = {
            name = "requirements.txt";
            text = lockFile.text;
          };
          inputs = [
            "-r"
            "requirements.txt"
          ];
        };
        inherit python;
        system = "x86_64-linux";
        providers = null;
        excludeNewer = null;
        pypiData = builtins.toFile "common.snapshot" "";
        named = [ ];
      };
in
{
  "a lock" = {
    expr = lib.length (resolve "cp ${lockFile.file { }} lock").packages;
    expected = 2;
  };
  "what the program is given" = {
    expr = lib.length (resolve "grep -q flask==2.1.2 requirements.txt && cp ${lockFile.file { }} lock")
      .packages;
    expected = 2;
  };
  "questions about nixpkgs are answered" = {
    expr = lib.length (resolveFor pkgs.python311 ''
      for word; do case $word in *-nixpkgs-inventory.json) inventory=$word ;; esac; done
      if grep -q '"pyproject-hooks":{"attribute"' "$inventory"; then cp ${lockFile.file { }} lock; exit; fi
      echo '["build"]' >questions
      exit 4
    '').packages;
    expected = 2;
  };
  "a refusal is an error of the evaluation" = {
    expr = resolve "echo 'ResolutionImpossible: no flask' >&2; exit 1";
    expectedError.msg = "mach-nix.mkPython: ResolutionImpossible: no flask";
  };
  "warnings are no part of it" = {
    expr = resolve "echo 'warning: odd' >&2; echo 'error: line 1' >&2; exit 2";
    expectedError.msg = "mach-nix.mkPython: line 1 ";
  };
  "bad input, too" = {
    expr = resolve "echo 'error: line 1' >&2; exit 2";
    expectedError.msg = "mach-nix.mkPython: line 1";
  };
  "a failure of the machine is none of the requirements" = {
    expr = resolve "echo 'error: no space left' >&2; exit 3";
    expectedError.msg = "error: no space left";
  };
}
