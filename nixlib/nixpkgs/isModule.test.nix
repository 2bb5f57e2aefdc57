{
  lib,
  pkgs,
  scope,
  ...
}:

let
  isModule = (scope { }).isModule;
  inherit (pkgs.python311.pkgs) packaging toPythonApplication;
in
{
  "a package of the Python set" = {
    expr = isModule packaging;
    expected = true;
  };
  "an application" = {
    expr = isModule (toPythonApplication packaging);
    expected = false;
  };
  "anything else" = {
    expr = lib.any isModule [
      pkgs.zlib
      null
      "packaging"
      ./.
    ];
    expected = false;
  };
}
