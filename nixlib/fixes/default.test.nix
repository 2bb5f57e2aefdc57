{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fixes = (scope { inherit lib pkgs; }).builtInFixes;
  files = lib.filter (
    name: lib.hasSuffix ".nix" name && !(lib.hasSuffix ".test.nix" name) && name != "default.nix"
  ) (lib.attrNames (builtins.readDir ./.));
in
{
  "every file is listed" = {
    expr = lib.attrNames fixes;
    expected = map (lib.removeSuffix ".nix") files;
  };
  "every fix has a condition" = {
    expr = lib.concatMap (package: lib.filter (fix: !(fix ? _cond)) (lib.attrValues package)) (
      lib.attrValues fixes
    );
    expected = [ ];
  };
}
