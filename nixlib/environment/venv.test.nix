{ pkgs, scope, ... }:

let
  inherit (scope { inherit pkgs; }) venv;
  python = pkgs.python3;
  made = venv (python.withPackages (_: [ ])) python;
in
{
  "a derivation of the environment" = {
    expr = builtins.match ".*-venv" made.name != null;
    expected = true;
  };
}
