{ lib, pkgs, ... }:

let
  compat = import ./compat.nix { inherit lib pkgs; };
  python = pkgs.python311;
  withSet = set: python // { pkgs = python.pkgs // set; };
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
  "imageTools has programs" = {
    expr = lib.all lib.isDerivation compat.imageTools && compat.imageTools != [ ];
    expected = true;
  };

  "passthruOf" = {
    expr = compat.passthruOf (withSet {
      numpy.passthru = {
        blas = "openblas";
        pythonModule = "old";
        requiredPythonModules = "old";
      };
    }) "numpy";
    expected.blas = "openblas";
  };
  "passthruOf what is not there" = {
    expr =
      map
        (
          set:
          compat.passthruOf (withSet {
            numpy = set;
          }) "numpy"
        )
        [
          null
          (throw "numpy is not for this interpreter")
          { passthru = throw "numpy is not for this interpreter"; }
          { }
        ];
    expected = [
      { }
      { }
      { }
      { }
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
