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
    text:
    let
      told = (builtins.fromJSON text).python311;
    in
    if !(told ? build) then
      { nixpkgs = [ "build" ]; }
    else if !(told ? no-such-package) then
      { nixpkgs = [ "no-such-package" ]; }
    else
      { packages = lib.attrNames told; };
in
{
  "asked until it knows enough" = {
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
  "told at once" = {
    expr = inRounds {
      inherit python;
      names = [ "installer" ];
      ask = text: { packages = lib.attrNames (builtins.fromJSON text).python311; };
    };
    expected.packages = [ "installer" ];
  };
}
