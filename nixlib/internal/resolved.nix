# What the arguments of a `mk*` function mean: the locked packages, the overlay that holds them with
# all overrides, and the interpreter that has them.
{
  lib,
  pkgs,
  fail,
  ...
}@context:

let
  checkArguments = import ./arguments.nix { inherit lib fail; };
  known = import ./mkArguments.nix;
  interpreter = import ./interpreter.nix context;
  resolve = import ../resolve.nix context;
  lockedOverlay = import ./overlay.nix { inherit lib pkgs fail; };
  simpleOverrides = import ./simpleOverrides.nix { inherit lib pkgs fail; };
  fixes = import ./fixes.nix { inherit lib pkgs fail; };
  mergeOverrides = import ../mergeOverrides.nix { inherit lib; };

  # An interpreter that already has overrides keeps them: others come on top.
  withOverrides =
    interpreter: overlay:
    let
      python = interpreter.override (old: {
        self = python;
        packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) overlay;
      });
    in
    python;

  defaults = {
    python = null;
    overridesPre = [ ];
    overridesPost = [ ];
    tests = false;
    ignoreCollisions = false;
    postBuild = "";
    _ = { };
    _fixes = import ../fixes { inherit lib pkgs; };
  };
in
arguments:
let
  args = defaults // checkArguments known arguments;

  plain = interpreter args.python;
  # What packages of nixpkgs are taken from, and what everything is built with.
  base =
    if args.overridesPre == [ ] then plain else withOverrides plain (mergeOverrides args.overridesPre);

  packages = resolve (
    builtins.intersectAttrs (builtins.functionArgs resolve) args
    // {
      python = base;
    }
    // lib.optionalAttrs (args ? _providerDefaults) {
      providers = args._providerDefaults // args.providers or { };
    }
  );

  pythonOverrides = mergeOverrides (
    args.overridesPre
    ++ [
      (lockedOverlay {
        python = base;
        inherit packages;
        inherit (args) tests;
      })
      (fixes { python = base; } args._fixes)
    ]
    ++ args.overridesPost
    ++ [
      (simpleOverrides {
        python = base;
        locked = lib.attrNames packages;
      } args._)
    ]
  );
in
builtins.seq args {
  inherit args packages pythonOverrides;
  python = withOverrides plain pythonOverrides;
}
