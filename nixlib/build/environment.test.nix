{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  buildEntry = (scope { inherit lib pkgs fail; }).buildEntry;
  environment = (scope { inherit lib pkgs fail; }).sourceEnvironment;

  python = pkgs.python311;
  package = name: changes: lockFile.package name "1.0" // changes;
  of =
    packages:
    environment {
      inherit python packages buildEntry;
    };
  setuptools = package "setuptools" { };
in
{
  "equal requirements share an environment" = {
    expr = of [ setuptools ] == of [ setuptools ];
    expected = true;
  };
  "other versions are another environment" = {
    expr = of [ setuptools ] == of [ (setuptools // { version = "2.0"; }) ];
    expected = false;
  };
  "edges are followed, cycles are cut, the names of nixpkgs' tools are no matter" = {
    expr =
      lib.isString
        (of [
          (package "wheel" {
            dependencies = [ "setuptools" ];
            cyclic = [ "setuptools" ];
          })
          (package "setuptools" { dependencies = [ "wheel" ]; })
        ]).drvPath;
    expected = true;
  };
  "a build requirement that is itself built" = {
    expr =
      lib.isString
        (of [
          (package "flit-core" {
            provider = "sdist";
            build = {
              requires = [ "setuptools" ];
              packages = [ setuptools ];
            };
          })
        ]).drvPath;
    expected = true;
  };
}
