# The results of the arguments of a `mk*` function: the locked packages, the overlay with them and
# all overrides, and the interpreter with this overlay.
{
  lib,
  fail,
  checkArguments,
  chosenPython,
  knownArguments,
  lockedPackages,
  withOverrides,
  lockedOverlay,
  simpleOverrides,
  fixes,
  packagesExtra,
  mergeOverrides,
  builtInFixes,
}:

let
  defaults = {
    python = null;
    packagesExtra = [ ];
    overridesPre = [ ];
    overridesPost = [ ];
    tests = false;
    ignoreCollisions = false;
    postBuild = "";
    _ = { };
    _fixes = builtInFixes;
  };
in
arguments:
let
  # A bare list is a list of packages.
  given =
    defaults
    // checkArguments knownArguments (
      if lib.isList arguments then { packagesExtra = arguments; } else arguments
    );

  args = given // {
    python = chosenPython given;
  };

  extra = packagesExtra { inherit (args) python; } args.packagesExtra;

  found = lockedPackages (args // requirements);
  inherit (found) plain base;

  # A lock covers all requirements. Without one, those of the extra packages are added.
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
    else if found.packages ? condaPackages then
      # The policy of the environment is that of its conda packages as well.
      found.packages
      // {
        condaPackages = found.packages.condaPackages // {
          inherit (args) ignoreCollisions;
        };
      }
    else
      found.packages;

  pythonOverrides = mergeOverrides (
    args.overridesPre
    ++ [
      (lockedOverlay {
        python = base;
        inherit packages;
        inherit (args) tests;
      })
    ]
    # Each overlay copies the set, so that empty ones are skipped.
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
  final = withOverrides plain pythonOverrides;
in
builtins.seq args {
  inherit args packages pythonOverrides;
  python = final;
  variables = if isEmpty then { } else found.variables;
  programs =
    extra.programs ++ lib.optional (packages ? condaPackages) final.pkgs.condaPackages.programs;
}
