{
  lib,
  pkgs,
  scope,
  ...
}:

let
  tell = (scope { inherit lib; }).nixpkgsInventory;
  told = names: builtins.fromJSON (tell pkgs.python311 names);
in
{
  "nothing is evaluated for nothing" = {
    expr = tell { pythonVersion = "3.11"; } [ ];
    expected = ''{"python311":{}}'';
  };
  "packages with what they depend on" = {
    expr = lib.attrNames (told [ "build" ]).python311;
    expected = [
      "build"
      "packaging"
      "pyproject-hooks"
    ];
  };
  "what is not there" = {
    expr = told [ "no-such-package" ];
    expected.python311.no-such-package = null;
  };
  "a text of any derivation's values is none of its inputs" = {
    expr = builtins.hasContext (tell pkgs.python311 [ "build" ]);
    expected = false;
  };
}
