{
  lib,
  pkgs,
  scope,
  ...
}:

let
  compat = (scope { inherit lib pkgs; }).compat;
  python = pkgs.python311;
  drv = compat.overrideAttrs python (old: {
    propagatedBuildInputs = old.propagatedBuildInputs ++ [ python.pkgs.installer ];
    postInstall = "own";
  }) python.pkgs.packaging;
  pipInstallFlags = [
    "--ignore-installed"
    "--no-deps"
  ];
  setOf = buildPythonPackage: { pkgs = { inherit buildPythonPackage; }; };
in
{
  "a source in nixpkgs before 23.11" = {
    expr = compat.pyproject (setOf ({ format, ... }: format));
    expected = {
      format = "pyproject";
      inherit pipInstallFlags;
    };
  };
  "a source where the function does not show its arguments" = {
    expr = compat.pyproject (setOf (arguments: arguments));
    expected = {
      format = "pyproject";
      inherit pipInstallFlags;
    };
  };
  "a source in nixpkgs since 23.11" = {
    expr = compat.pyproject (setOf ({ pyproject, ... }: pyproject));
    expected = {
      pyproject = true;
      format = null;
      dontCheckPythonMetadata = true;
    };
  };
  "a wheel in nixpkgs before and since 23.11" = {
    expr = map (function: compat.wheel (setOf function)) [
      ({ format, ... }: format)
      ({ pyproject, ... }: pyproject)
    ];
    expected = [
      {
        format = "wheel";
        inherit pipInstallFlags;
      }
      { format = "wheel"; }
    ];
  };
  "a source in the nixpkgs in use" = {
    expr =
      lib.isString
        (python.pkgs.buildPythonPackage (
          compat.pyproject python
          // {
            pname = "own";
            version = "1.0";
            src = ./.;
          }
        )).drvPath;
    expected = true;
  };

  "systemLibraries has the C++ library" = {
    expr = lib.elem pkgs.stdenv.cc.cc.lib compat.systemLibraries;
    expected = true;
  };
  "fetchPypi at the top and in the set of an interpreter" = {
    expr = map (pkgs: ((scope { inherit lib pkgs; }).compat).fetchPypi) [
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
  "inputs of a definition, under either name" = {
    expr = map (definition: compat.buildInputsOf definition ++ compat.dependenciesOf definition) [
      { }
      {
        nativeBuildInputs = [ 1 ];
        build-system = [ 2 ];
        propagatedBuildInputs = [ 3 ];
        dependencies = [ 4 ];
      }
    ];
    expected = [
      [ ]
      [
        1
        2
        3
        4
      ]
    ];
  };
}
