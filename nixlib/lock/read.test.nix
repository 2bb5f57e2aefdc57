{ lib, scope, ... }:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) conda;
  fail = message: throw "mach-nix.mkPython: ${message}";
  readPath = (scope { inherit lib fail; }).readLock { };
  read = changes: readPath (lockFile.file changes);
  refusal = changes: msg: {
    expr = read changes;
    expectedError = { inherit msg; };
  };
  malformed =
    changes: what:
    refusal changes "mach-nix.mkPython: the lock file `.*mach-nix.lock` is malformed: ${what}; make it again with `mach-nix lock -r requirements.txt`";
in
{
  "a sound lock" = {
    expr = builtins.removeAttrs (read { }) [ "file" ];
    expected = lockFile.data;
  };

  "unknown fields are tolerated" = {
    expr = (read { note = "x"; }).note;
    expected = "x";
  };

  "a path" = {
    expr = (readPath ../../tests/nix/locks/flask/mach-nix.lock).version;
    expected = 1;
  };

  # Also in the build environments of packages and of the project.
  "paths are seen from the lock" = {
    expr =
      let
        local.path = "./x";
        tool = {
          name = "tool";
          version = "1";
          provider = "sdist";
          path = "./tool";
          build.packages = [ (local // { inherit (tool) name version provider; }) ];
        };
        lock = read {
          packages = [ tool ];
          project.build.packages = [ tool ];
        };
        folders = package: map (inner: inner.folder) package.build.packages;
      in
      map folders (lock.packages ++ lock.project.build.packages) == [
        [ (dirOf lock.file) ]
        [ (dirOf lock.file) ]
      ];
    expected = true;
  };

  "paths of conda packages are seen from the lock, too" = {
    expr =
      let
        lock = read { packages = [ (conda "conda:x" { url = "./channel/x-1.0-0.conda"; }) ]; };
      in
      (lib.head lock.packages).folder == dirOf lock.file;
    expected = true;
  };
  "a conda package without what it is installed by" = malformed {
    packages = [ (builtins.removeAttrs (conda "conda:x" { }) [ "subdir" ]) ];
  } "package `conda:x` has no `subdir`";

  # With everything that the lock was made from, so that nothing else changes.
  "the command that takes a package of nixpkgs again" = {
    expr =
      let
        installer = {
          name = "installer";
          version = "0.0.1";
          provider = "nixpkgs";
          attribute = "installer";
        };
        tool = {
          name = "tool";
          version = "1";
          provider = "sdist";
          path = "./tool";
          build.packages = [ installer ];
        };
        inherit
          (read {
            packages = [
              installer
              tool
            ];
          })
          packages
          ;
      in
      [
        (lib.head packages).renewal
        (lib.head (lib.last packages).build.packages).renewal
      ];
    expected =
      let
        command = "`mach-nix lock -r requirements.txt --python 3.11 --system x86_64-linux --providers wheel --upgrade=installer`";
      in
      [
        command
        command
      ];
  };

  "a lock that another file holds" = {
    expr =
      let
        file = ./env.nix;
        lock = readPath (
          lockFile.data
          // {
            inherit file;
            packages = [
              {
                name = "local";
                version = "1";
                provider = "wheel";
                path = "./local-1-py3-none-any.whl";
              }
            ];
          }
        );
      in
      lock.file == file && (lib.head lock.packages).folder == ./.;
    expected = true;
  };
  "a lock of another file that is malformed" = {
    expr = readPath {
      file = ./env.nix;
      version = "1";
    };
    expectedError.msg = "the lock file `.*env.nix` is malformed: `version` of the top level must be an integer, but is a string";
  };

  "a newer version" =
    refusal
      {
        version = 2;
        packages = 0;
      }
      "the lock file `.*mach-nix.lock` has format version 2, but this mach-nix understands versions up to 1; upgrade mach-nix";

  "version 0" = malformed { version = 0; } "there is no format version 0";
  "a version that is a string" = malformed {
    version = "1";
  } "`version` of the top level must be an integer, but is a string";
  "no JSON" = malformed "version = 1" "it is not a JSON object";
  "an empty file" = malformed "" "it is not a JSON object";
  "broken JSON" = refusal "{ \"version\": 1," "while reading the lock file|parse error";
  "an unfinished merge" =
    malformed "{\n<<<<<<< HEAD\n\"version\": 1\n=======\n" "it holds the marks of an unfinished merge";
  "another JSON file" = malformed "{}" "the top level has no `version`";
  "no packages" = malformed {
    packages = null;
  } "`packages` of the top level must be a list, but is null";
  "a target without a system" = malformed {
    targets = [ { python = "3.11"; } ];
  } "a target has no `system`";
  "a target that is a string" = malformed {
    targets = [ "3.11" ];
  } "a target must be an object, but is a string";
  "a package without a version" = malformed {
    packages = [ { name = "click"; } ];
  } "package `click` has no `version`";
  "no digest" = malformed {
    request = builtins.removeAttrs lockFile.data.request [ "digest" ];
  } "`request` has no `digest`";

  "no such file" = {
    expr = readPath ./missing.lock;
    expectedError.msg = "there is no lock file `/.*/missing.lock`; make it with `mach-nix lock -r requirements.txt -o missing.lock`";
  };
  "no path" = {
    expr = readPath { };
    expectedError.msg = "`lock` must be the path of a lock file such as `./mach-nix.lock`, but is an attribute set";
  };
  "a relative path as string" = {
    expr = readPath "mach-nix.lock";
    expectedError.msg = "`lock` must be the path of a lock file such as `./mach-nix.lock`, but is a string";
  };
}
