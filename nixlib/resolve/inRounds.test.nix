{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inRounds = (scope { inherit lib; }).inRounds;
  python = pkgs.python311;
  # Wants to know about a package, and then about another one.
  ask =
    inventory:
    if !(inventory.python311 ? build) then
      { nixpkgs = [ "build" ]; }
    else if !(inventory.python311 ? no-such-package) then
      { nixpkgs = [ "no-such-package" ]; }
    else
      { packages = lib.attrNames inventory.python311; };
in
{
  "called until the inventory has enough" = {
    expr = inRounds {
      inherit python ask;
      names = [ ];
    };
    expected.packages = [
      "build"
      "no-such-package"
      "packaging"
      "pyproject-hooks"
    ];
  };
  "packages that are named are in the first inventory" = {
    expr = inRounds {
      inherit python;
      names = [ "installer" ];
      ask = inventory: { packages = lib.attrNames inventory.python311; };
    };
    expected.packages = [ "installer" ];
  };
}
