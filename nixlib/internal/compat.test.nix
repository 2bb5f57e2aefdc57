{ lib, pkgs, ... }:

let
  compat = import ./compat.nix { inherit lib; };
  setOf = buildPythonPackage: { pkgs = { inherit buildPythonPackage; }; };
in
{
  "nixpkgs before 23.11" = {
    expr = compat.pyproject (setOf ({ format, ... }: format));
    expected = {
      format = "pyproject";
    };
  };
  "a function that does not show its arguments" = {
    expr = compat.pyproject (setOf (arguments: arguments));
    expected = {
      format = "pyproject";
    };
  };
  "nixpkgs since 23.11" = {
    expr = compat.pyproject (setOf ({ pyproject, ... }: pyproject));
    expected = {
      pyproject = true;
      format = null;
    };
  };
  "accepted by the nixpkgs in use" = {
    expr =
      lib.isString
        (pkgs.python311.pkgs.buildPythonPackage (
          compat.pyproject pkgs.python311
          // {
            pname = "own";
            version = "1.0";
            src = ./.;
          }
        )).drvPath;
    expected = true;
  };
}
