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
  lock = lockFile.file { };
  program = pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\ncp ${lock} lock";
  resolve =
    changes:
    (scope {
      inherit lib pkgs fail;
      package = changes.package or "${program}";
    }).fixedOutput
      (
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
          python.pythonVersion = "3.11";
          system = "x86_64-linux";
          providers = null;
          excludeNewer = "2026-11-01";
          lockHash = "sha256:${builtins.hashFile "sha256" lock}";
          indexUrl = null;
          named = [ ];
        }
        // builtins.removeAttrs changes [ "package" ]
      );
in
{
  "a lock" = {
    expr = lib.length (resolve { }).packages;
    expected = 2;
  };
  "no hash, and Nix says the right one" = {
    expr = resolve { lockHash = ""; };
    expectedError.msg = "hash mismatch in fixed-output derivation .*got: +sha256-";
  };
  "a hash that is none" = {
    expr = resolve { lockHash = "sha256-bad"; };
    expectedError.msg = "`lockHash` must be a SHA-256 such as .*, but is `\"sha256-bad\"`; write `lockHash = \"\";`, and Nix says the right one";
  };
  "packages of nixpkgs are told about" = {
    expr =
      lib.length
        (resolve {
          python = pkgs.python311;
          named = [ "build" ];
        }).packages;
    expected = 2;
  };
  "a day that is not over" = {
    expr = resolve {
      lockHash = "";
      package = "${pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\necho '    \"excludeNewer\": \"2999-01-02T00:00:00Z\",' >lock"}";
    };
    expectedError.msg = "error: `excludeNewer` is 2999-01-02T00:00:00Z, which is still to come, .* write a day that is over";
  };
  "no date" = {
    expr = resolve { excludeNewer = null; };
    expectedError.msg = "`lockHash` needs the date of the index that it is the hash for; add `excludeNewer = \"2026-11-01\";`";
  };
}
