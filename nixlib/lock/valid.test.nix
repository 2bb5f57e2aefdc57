{ lib, scope, ... }:

let
  golden = lib.importJSON ./valid.cases.json;
  fail = message: throw "mach-nix.mkPython: ${message}";
  readPath = (scope { inherit lib fail; }).readLock { };
  lockOf =
    packages: changes:
    builtins.toFile "mach-nix.lock" (builtins.toJSON (golden.lock // { inherit packages; } // changes));
  entry =
    case: builtins.removeAttrs (golden.${case.of} // case."with" or { }) [ (case.without or "") ];
  isRead =
    lock:
    let
      read = readPath lock;
    in
    (builtins.tryEval (builtins.deepSeq read.packages true)).success;
  # A source whose build environment has an entry.
  source =
    package:
    golden.folder
    // {
      name = "tool";
      build.packages = [ package ];
    };
  wrong = lib.filter (
    case:
    let
      package = entry case;
    in
    !(
      isRead (lockOf [ package ] { }) == case.valid
      && isRead (lockOf [ (source package) ] { }) == case.valid
      && isRead (lockOf [ ] { project.build.packages = [ package ]; }) == case.valid
    )
  ) golden.cases;
  crate = {
    name = "itoa";
    version = "1.0.10";
    url = "https://crates.test/itoa-1.0.10.crate";
    inherit (golden.file) hash;
  };
  withCrate =
    changes:
    lockOf [
      (
        golden.folder
        // {
          build = {
            packages = [ ];
            cargo = [ (crate // changes) ];
          };
        }
      )
    ] { };
in
{
  "the same locks are valid for the command" = {
    expr = wrong;
    expected = [ ];
  };
  "the problem names field, package and value" = {
    expr = readPath (lockOf [ (golden.file // { hash = "md5-x"; }) ] { });
    expectedError.msg = "is malformed: `hash` of package `app` must be a SHA-256 digest in the form `sha256-…=`, but is `md5-x`; make it again with";
  };
  "a folder outside that nothing names" = {
    expr = readPath (lockOf [ (golden.folder // { path = "../home"; }) ] { });
    expectedError.msg = "`path` of package `app` leads to `../home`, which no requirement of the lock names";
  };
  "crates" = {
    expr = map (changes: isRead (withCrate changes)) [
      { }
      { hash = "md5-x"; }
      { url = "file:///x"; }
      { name = "../x"; }
    ];
    expected = [
      true
      false
      false
      false
    ];
  };
}
