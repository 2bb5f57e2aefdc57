{ lib, pkgs, ... }:

let
  compat = import ./compat.nix { inherit lib pkgs; };
  python = pkgs.python311;
  drv = compat.overrideAttrs python (old: {
    propagatedBuildInputs = old.propagatedBuildInputs ++ [ python.pkgs.installer ];
    postInstall = "own";
  }) python.pkgs.packaging;
in
{
  "systemLibraries has the C++ library" = {
    expr = lib.elem pkgs.stdenv.cc.cc.lib compat.systemLibraries;
    expected = true;
  };
  "fetchPypi at the top and in the set of an interpreter" = {
    expr = map (pkgs: (import ./compat.nix { inherit lib pkgs; }).fetchPypi) [
      {
        inherit (pkgs) stdenv zlib;
        fetchPypi = "top";
      }
      {
        inherit (pkgs) stdenv zlib;
        python3.pkgs.fetchPypi = "set";
      }
    ];
    expected = [
      "top"
      "set"
    ];
  };

  "overrideAttrs keeps the modules of an environment" = {
    expr = lib.elem python.pkgs.installer drv.requiredPythonModules;
    expected = true;
  };
  "overrideAttrs stays under overridePythonAttrs" = {
    expr =
      let
        again = drv.overridePythonAttrs { version = "2.0"; };
      in
      [
        again.version
        again.postInstall
        (lib.elem python.pkgs.installer again.requiredPythonModules)
      ];
    expected = [
      "2.0"
      "own"
      true
    ];
  };
}
