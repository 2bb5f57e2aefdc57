{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  nixpkgs = (scope { inherit lib pkgs fail; }).fromNixpkgs;
  python = pkgs.python311;
  inherit (python.pkgs) installer;

  build =
    changes: rest:
    nixpkgs (
      {
        inherit python;
        package = {
          name = "installer";
          provider = "nixpkgs";
          inherit (installer) version;
          renewal = "`mach-nix lock installer --upgrade=installer`";
        }
        // changes;
        dependencyNames = { };
        locked = { };
        tests = false;
      }
      // rest
    );
in
{
  "is nixpkgs' own derivation" = {
    expr = (build { } { }).drvPath == installer.drvPath;
    expected = true;
  };
  "an attribute of another name" = {
    expr =
      build {
        name = "own";
        attribute = "installer";
      } { } == installer;
    expected = true;
  };
  "the same version in other digits" = {
    expr =
      let
        dated = python.pkgs.installer.overrideAttrs { version = "2024.02.02"; };
      in
      (build { version = "2024.2.2"; } {
        python = python // {
          pkgs.installer = dated;
        };
      }).version;
    expected = "2024.02.02";
  };
  "inputs are replaced" = {
    expr =
      (build
        {
          name = "build";
          inherit (python.pkgs.build) version;
        }
        {
          dependencyNames = {
            build = [ "packaging" ];
            packaging = [ ];
          };
          locked.packaging = installer;
        }
      ).propagatedBuildInputs
      == map (
        drv: if lib.getName drv == lib.getName python.pkgs.packaging then installer else drv
      ) python.pkgs.build.propagatedBuildInputs;
    expected = true;
  };

  "another version" = {
    expr = (build { version = "0.0.1"; } { }).drvPath;
    expectedError.msg = "mach-nix.mkPython: package `installer` is locked from nixpkgs .`python311.pkgs.installer`. with version 0.0.1, but this nixpkgs has version 0.7.0; renew the lock with `mach-nix lock installer --upgrade=installer`, or use the nixpkgs that it was made with";
  };
  "no such attribute" = {
    expr = (build { attribute = "installer_0"; } { }).drvPath;
    expectedError.msg = "package `installer` is locked from nixpkgs .`python311.pkgs.installer_0`., but this nixpkgs has no such attribute; renew the lock with `mach-nix lock installer --upgrade=installer`";
  };
}
