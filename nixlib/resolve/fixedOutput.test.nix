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
  # It is called as `mach-nix lock --query FILE --output lock`.
  program = pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\ngrep -q flask==2.1.2 $3 && cp ${lock} $5";
  resolve =
    changes:
    (scope {
      inherit lib pkgs fail;
      package = changes.package or "${program}";
    }).fixedOutput
      (
        {
          asked = {
            request.requirements = lockFile.text;
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
  "packages of nixpkgs that nobody named" = {
    expr = resolve {
      lockHash = "";
      package = "${pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\necho '{\"nixpkgs\": [\"numpy\"]}'"}";
    };
    expectedError.msg = "error: with `lockHash`, nixpkgs is queried only for packages that `providers` names, and more are needed: .*numpy";
  };
  "a failure" = {
    expr = resolve {
      lockHash = "";
      package = "${pkgs.writeScript "mach-nix" "#!${pkgs.runtimeShell}\necho 'error: no day' >&2; exit 2"}";
    };
    expectedError.msg = "error: no day";
  };
  "no date" = {
    expr = resolve { excludeNewer = null; };
    expectedError.msg = "`lockHash` needs the date of the index that it is the hash for; add `excludeNewer = \"2026-11-01\";`";
  };
}
