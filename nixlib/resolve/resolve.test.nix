{ lib, scope, ... }:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  # The target of the small lock, whatever machine the tests run on.
  found =
    (scope {
      inherit lib fail;
      pkgs.stdenv.hostPlatform.system = "x86_64-linux";
    }).resolve;
  resolve = arguments: (found arguments).packages;
  arguments = {
    python = {
      pythonVersion = "3.11";
      version = "3.11.9";
    };
    requirements = lockFile.text;
    lock = lockFile.file { };
  };
  refusal = changes: msg: {
    expr = resolve (arguments // changes);
    expectedError = { inherit msg; };
  };
in
{
  "the packages of the lock" = {
    expr = lib.attrNames (resolve arguments);
    expected = [
      "click"
      "flask"
    ];
  };
  "providers as the user writes them" = {
    expr = lib.attrNames (resolve (arguments // { providers._default = [ "wheel" ]; }));
    expected = [
      "click"
      "flask"
    ];
  };

  "a stale lock" = refusal {
    requirements = "flask";
  } "mach-nix.mkPython: the lock file `.*mach-nix.lock` does not match `requirements`";
  "other providers" = refusal { providers._default = "sdist"; } "does not match `providers`";
  "another python" = refusal { python.pythonVersion = "3.12"; } "not made for python 3.12";

  "a lock alone" = {
    expr = lib.attrNames (resolve (builtins.removeAttrs arguments [ "requirements" ]));
    expected = [
      "click"
      "flask"
    ];
  };
  "nothing" = {
    expr = resolve { inherit (arguments) python; };
    expectedError.msg = "mach-nix.mkPython: the argument `requirements` is missing; write `requirements = ./requirements.txt;`";
  };
  "no lock and no snapshot" =
    refusal
      {
        lock = null;
      }
      "there is no `lock`, and no snapshot to resolve with; make a lock file with `mach-nix lock click==8.1.3 flask==2.1.2`";
  "a path without a lock" =
    refusal
      {
        lock = null;
        requirements = "./six-1.0-py3-none-any.whl";
      }
      "`./six-1.0-py3-none-any.whl` is on this machine, where only a lock file can lead; make a lock file with `mach-nix lock -r requirements.txt`";
  "a project whose lock is not there" = {
    expr = resolve {
      inherit (arguments) python;
      pyproject = ../../tests/nix/projects/extras/pyproject.toml;
      groups = [ "dev" ];
      lock = ./no-such.lock;
    };
    expectedError.msg = "there is no lock file `.*/no-such.lock`; make it with `mach-nix lock --pyproject pyproject.toml --group dev -o no-such.lock`";
  };
  "a lock and its hash" = refusal { lockHash = ""; } "both `lock` and `lockHash` are given";
  "no such way" =
    refusal
      {
        resolveWith = "magic";
      }
      "`resolveWith` must be one of `\"lock\"`, `\"plugin\"`, `\"ifd\"`, `\"fixed-output\"`, but is `magic`";
  "the lock way without a lock" =
    refusal
      {
        lock = null;
        resolveWith = "lock";
      }
      "`resolveWith` is `\"lock\"`, and there is no `lock`; make one with `mach-nix lock click==8.1.3 flask==2.1.2`";
  "a hash without a date" = refusal {
    lock = null;
    lockHash = "";
  } "`lockHash` needs the date of the index .* add `excludeNewer = \"2026-11-01\";`";
  "a duration instead of a date" = refusal {
    lock = null;
    lockHash = "";
    excludeNewer = "7 days";
  } "`excludeNewer` is `7 days`, which would mean another day with every evaluation; write a date";
  "the plugin way without the plugin" = refusal {
    lock = null;
    resolveWith = "plugin";
    pypiData = "/nix/store/snapshot";
  } "this Nix has no `builtins.machNixResolve`; load the plugin with the setting `plugin-files`";
}
