{
  lib,
  pkgs,
  scope,
  ...
}:

let
  python = pkgs.python311;
  inherit (scope { inherit lib pkgs; }) leanModule;
  module =
    name: dependencies:
    leanModule {
      inherit python dependencies;
      package = {
        inherit name;
        version = "1.0";
      };
      built = derivation {
        name = "python3.11-${name}-1.0";
        inherit (pkgs.stdenv.hostPlatform) system;
        builder = python.interpreter;
      };
      full.overridePythonAttrs = changes: "full with ${changes}";
      provider = "wheel";
    };
  click = module "click" [ ];
  flask = module "flask" [ click ];
in
{
  "it is what environments read of a package" = {
    expr = {
      inherit (flask) pname version provider;
      isDerivation = lib.isDerivation flask;
      required = map (drv: drv.pname or drv.name) (lib.tail flask.requiredPythonModules);
      inherit (flask.meta) name available;
    };
    expected = {
      pname = "flask";
      version = "1.0";
      provider = "wheel";
      isDerivation = true;
      required = [ "click" ];
      name = "python3.11-flask-1.0";
      available = true;
    };
  };
  "changes are made of the full package" = {
    expr = flask.overridePythonAttrs "tests";
    expected = "full with tests";
  };
}
