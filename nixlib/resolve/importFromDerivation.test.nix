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
  # It is called as `mach-nix lock --query FILE --output lock`.
  program = script: pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\n${script}";
  answer = "printf '{\"lock\": %s, \"warnings\": []}' \"$(cat ${lockFile.file { }})\"";
  resolve = resolveFor { pythonVersion = "3.11"; };
  resolveFor =
    python: script:
    (scope {
      inherit lib pkgs fail;
      package = "${program script}";
    }).importFromDerivation
      {
        asked = {
          request.requirements = lockFile.text;
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
    expr = lib.length (resolve answer).packages;
    expected = 2;
  };
  "what the program is given" = {
    expr = lib.length (resolve "grep -q flask==2.1.2 $3 && ${answer}").packages;
    expected = 2;
  };
  "the file of the lock is the answer" = {
    expr = lib.hasSuffix "-no-lock-file-given--write-one-with-mach-nix-lock" (resolve answer).file;
    expected = true;
  };
  "questions about nixpkgs are answered" = {
    expr = lib.length (resolveFor pkgs.python311 ''
      if grep -q '"pyproject-hooks":{"attribute"' "$3"; then ${answer}; exit; fi
      echo '{"nixpkgs": ["build"]}'
    '').packages;
    expected = 2;
  };
  "a refusal is an error of the evaluation" = {
    expr = resolve ''
      echo '{"error": {"class": "impossible", "message": "ResolutionImpossible: no flask"}}'
      echo 'warning: odd' >&2
      exit 1
    '';
    expectedError.msg = "mach-nix.mkPython: ResolutionImpossible: no flask";
  };
  "bad input, too" = {
    expr = resolve ''
      echo '{"error": {"class": "usage", "message": "line 1"}}'
      exit 2
    '';
    expectedError.msg = "mach-nix.mkPython: line 1";
  };
  "a failure of the machine is a failed build" = {
    expr = resolve ''
      echo '{"error": {"class": "external", "message": "no space left"}}'
      echo 'error: no space left' >&2
      exit 3
    '';
    expectedError.msg = "error: no space left";
  };
  "a command without an answer is a failed build" = {
    expr = resolve "echo 'error: unexpected argument' >&2; exit 2";
    expectedError.msg = "error: unexpected argument";
  };
  "a lock of another format" = {
    expr = resolve "echo '{\"lock\": {\"version\": 999}, \"warnings\": []}'";
    expectedError.msg = "has format version 999, but this mach-nix understands versions up to";
  };
}
