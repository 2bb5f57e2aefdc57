{
  lib,
  pkgs,
  scope,
  ...
}:

let
  plain = pkgs.python311;
  own =
    pname: propagatedBuildInputs:
    plain.pkgs.buildPythonPackage {
      inherit pname propagatedBuildInputs;
      version = "1.0";
      format = "other";
      src = ../lock;
    };
  # outer needs inner, inner needs packaging, all of nixpkgs; a native library is among the inputs.
  inner = own "Inner" [
    plain.pkgs.packaging
    pkgs.zlib
  ];
  outer = own "outer" [ inner ];

  # The locked packages: packaging in another version.
  locked = {
    packaging = own "packaging" [ ];
    needs-outer = own "needs_outer" [ ];
  };
  inputs =
    changes:
    (scope { inherit lib pkgs; }).lockedInputs (
      {
        python = plain;
        inherit locked;
        dependencies = {
          outer = [ ];
          packaging = [ ];
        };
        tests = false;
      }
      // changes
    );

  modules = drv: lib.filter (input: input ? pythonModule && input != plain) drv.propagatedBuildInputs;
  module = drv: lib.head (modules drv);
  versions =
    drv:
    map (drv: "${drv.pname} ${drv.version}") (lib.filter (d: d != plain) drv.requiredPythonModules);
in
{
  "what has no locked input is unchanged" = {
    expr = inputs { dependencies.outer = [ ]; } "outer" outer == outer;
    expected = true;
  };
  "a direct input" = {
    expr = versions (inputs { } "inner" inner);
    expected = [ "packaging 1.0" ];
  };
  "inputs that are not Python packages stay" = {
    expr = lib.elem pkgs.zlib (inputs { } "inner" inner).propagatedBuildInputs;
    expected = true;
  };
  "an input of an input that is not locked" = {
    expr = versions (inputs { } "outer" outer);
    expected = [
      "Inner 1.0"
      "packaging 1.0"
    ];
  };
  "an input that depends on the package is left out" = {
    expr =
      let
        drv = own "cycle" [ locked.needs-outer ];
        new = inputs {
          dependencies = {
            cycle = [ ];
            needs-outer = [ "between" ];
            between = [ "cycle" ];
          };
        } "cycle" drv;
      in
      {
        modules = lib.length (modules new);
        inherit (new) dontUsePythonImportsCheck;
      };
    expected = {
      modules = 0;
      dontUsePythonImportsCheck = true;
    };
  };
  "tests of what is changed" = {
    expr = map (tests: (inputs { inherit tests; } "inner" inner).doInstallCheck) [
      true
      false
    ];
    expected = [
      true
      false
    ];
  };
  "overridePythonAttrs keeps the inputs" = {
    expr =
      let
        new = (inputs { } "outer" outer).overridePythonAttrs { version = "2.0"; };
      in
      [
        new.version
        (versions new)
        (versions (module new))
      ];
    expected = [
      "2.0"
      [
        "Inner 1.0"
        "packaging 1.0"
      ]
      [ "packaging 1.0" ]
    ];
  };
}
