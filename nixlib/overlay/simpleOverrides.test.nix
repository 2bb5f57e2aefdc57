{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  python = pkgs.python311;
  simpleOverrides = (scope { inherit lib pkgs fail; }).simpleOverrides {
    inherit python;
    locked = [
      "flask"
      "python-dateutil"
    ];
  };
  ps = overrides: simpleOverrides overrides (python.pkgs // { six = "six"; }) python.pkgs;
  refusal = overrides: msg: {
    expr = lib.attrNames (ps overrides);
    expectedError = { inherit msg; };
  };
in
{
  "only what is named" = {
    expr = lib.attrNames (ps {
      packaging.postInstall = "";
      Flit_Core.postInstall = "";
    });
    expected = [
      "flit-core"
      "packaging"
    ];
  };
  "attributes" = {
    expr =
      (ps {
        packaging.postInstall.mod =
          pySelf: _: _:
          pySelf.six;
      }).packaging.postInstall;
    expected = "six";
  };
  "further modules come into an environment" = {
    expr =
      let
        drv = (ps { packaging.propagatedBuildInputs.add = [ python.pkgs.installer ]; }).packaging;
      in
      map (drv: lib.elem python.pkgs.installer drv.requiredPythonModules) [
        drv
        (drv.overridePythonAttrs { version = "2.0"; })
      ];
    expected = [
      true
      true
    ];
  };
  "passthru is kept" = {
    expr =
      let
        drv = (ps { packaging.passthru.add.own = 1; }).packaging;
      in
      [
        drv.own
        (drv.pythonModule == python)
      ];
    expected = [
      1
      true
    ];
  };

  "a package with a mistake in its name" =
    refusal
      {
        flaks.postInstall = "";
      }
      "mach-nix.mkPython: `_.flaks` is about a package that is neither locked nor in the Python packages of nixpkgs; did you mean `_.flask`\\?";
  "a package that nobody knows" = refusal {
    banana-split-0.postInstall = "";
  } "`_.banana-split-0` is about a package .*; leave it out";
  "a name that Nix has in quotes" = refusal {
    "3to2".postInstall = "";
  } "`_.\"3to2\"` is about a package .*; leave it out";
  "a list" = refusal {
    packaging = [ ];
  } "`_.packaging` must be an attribute set such as .*, but is a list";
}
