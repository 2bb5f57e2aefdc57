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
  packagesExtra = import ./packagesExtra.nix context;
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
    packagesExtra = [ ];
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
  # A bare list is one of packages.
  args =
    defaults
    // checkArguments known (
      if lib.isList arguments then { packagesExtra = arguments; } else arguments
    );

  extra = packagesExtra { inherit (args) python; } args.packagesExtra;

  plain = interpreter args.python;
  # What packages of nixpkgs are taken from, and what everything is built with.
  base =
    if args.overridesPre == [ ] then plain else withOverrides plain (mergeOverrides args.overridesPre);

  # A lock is for all requirements.  Without one, those of the extra packages are added.
  requirements =
    if args ? lock || extra.requirements == [ ] then
      { }
    else if args ? pyproject then
      fail "`packagesExtra` has projects with requirements of their own, which can't be added to those of `pyproject` without a lock; lock all of them with `mach-nix lock` and give `lock`, or write `requirements`"
    else
      {
        requirements = lib.concatMapStrings (line: line + "\n") (
          lib.optional (args ? requirements) (
            if lib.isString args.requirements then args.requirements else builtins.readFile args.requirements
          )
          ++ extra.requirements
        );
      };
  isEmpty =
    args.packagesExtra != [ ]
    && !(args ? requirements || args ? pyproject || args ? lock)
    && extra.requirements == [ ];

  packages =
    if isEmpty then
      { }
    else
      resolve (
        builtins.intersectAttrs (builtins.functionArgs resolve) args
        // requirements
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
    ]
    # Each overlay copies the set, so none is there for nothing.
    ++ lib.optional (args.packagesExtra != [ ]) (
      extra.overlay {
        inherit packages;
        python = base;
      }
    )
    ++ lib.optional (args._fixes != { }) (fixes { python = base; } args._fixes)
    ++ args.overridesPost
    ++ lib.optional (args._ != { }) (
      simpleOverrides {
        python = base;
        locked = lib.attrNames packages;
      } args._
    )
  );
in
builtins.seq args {
  inherit args packages pythonOverrides;
  inherit (extra) programs;
  python = withOverrides plain pythonOverrides;
}
