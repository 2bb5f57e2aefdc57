{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inventory = (scope { inherit lib; }).nixpkgsInventory;
  of = inventory pkgs.python311;
in
{
  "nothing is evaluated for nothing" = {
    expr = inventory { pythonVersion = "3.11"; } [ ];
    expected.python311 = { };
  };
  "packages with what they depend on" = {
    expr = lib.attrNames (of [ "build" ]).python311;
    expected = [
      "build"
      "packaging"
      "pyproject-hooks"
    ];
  };
  "what is not there" = {
    expr = of [ "no-such-package" ];
    expected.python311.no-such-package = null;
  };
  "nothing is built for it" = {
    expr = builtins.hasContext (builtins.toJSON (of [ "build" ]));
    expected = false;
  };
}
