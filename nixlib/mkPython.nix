/**
  A Python environment with exactly the packages of a lock, like `python.withPackages`.

  # Inputs

  `requirements`
  : what is asked for: the path of a requirements.txt, or its text.  It is compared with the lock,
    so that a forgotten `mach-nix lock` is an error and not an old environment.  With a lock it may
    be left out; then nothing is compared

  `pyproject`, `extras`, `groups`
  : instead of `requirements`: the path of a pyproject.toml, and lists of the extras and dependency
    groups that are wanted of it

  `lock`
  : the path of the `mach-nix.lock`.  Without one the requirements are resolved while Nix evaluates

  `pypiData`
  : the snapshot that they are resolved over then (default: that of the import)

  `lockHash`, `excludeNewer`, `indexUrl`
  : instead of `lock`: the hash of the lock file, which is then resolved in a derivation with network
    over the index as of a date, `"2026-11-01"`.  An empty hash makes Nix say the right one

  `resolveWith`
  : the way to a lock, where it is not to be picked: `"lock"`, `"plugin"` (the evaluator plugin),
    `"ifd"` (a derivation whose output is imported) or `"fixed-output"`

  `python`
  : the interpreter: a derivation or an attribute name of `pkgs` (default: that of the import, else `pkgs.python3`
    if the lock has a target for it, else the interpreter of the lock)

  `providers`
  : the provider preferences the lock must have been made with, as
    `{ _default = "wheel"; numpy = "wheel,sdist"; }` (default: whatever the lock says)

  `packagesExtra`
  : a list of further packages: projects (paths, addresses of archives, results of
    `buildPythonPackage`), packages of `rPackages`, and any other package, whose programs come onto
    the PATH.  A project with a lock brings its packages along; one without gets them from this
    environment.  A bare list as the argument of `mkPython` means this one

  `_`
  : changes of single packages: `_.numpy.patches.add = [ ./numpy.patch ]`.  The value of an attribute of
    the derivation replaces the old one; `.add` appends a list, a set or a text; `.mod` is a function of the
    old value, `old: …` or `pySelf: oldAttrs: old: …`

  `overridesPre`, `overridesPost`
  : lists of overlays of the Python package set, below the locked packages and above them (default:
    `[ ]`).  What the lock takes from nixpkgs is taken from the set with `overridesPre`

  `tests`
  : whether packages that are built run their tests (default: `false`)

  `ignoreCollisions`
  : what several packages may have different files for, as pip has it: a list of paths with `*`, relative to the folder
    of the modules or to the environment, where a folder stands for what is in it; or `true` for all (default: `false`)

  `postBuild`
  : shell commands that run in the finished environment, with `$out` as its path

  `_fixes`
  : changes of packages under conditions: `_fixes.numpy.<name of the fix>` is as `_.numpy`, with
    `_cond = { prov, ver, pyver }: …` beside the attributes

  `_providerDefaults`
  : provider preferences that `providers` goes before, as part of what the lock must have been made with

  `cudaVersion`
  : the newest version of CUDA for packages of the provider `conda`; it has no meaning for others

  The result has these attributes besides those of `python.withPackages`: `python` (the
  interpreter whose `pkgs` has the locked packages), `pythonOverrides` (the overlay), `selectPkgs`
  (`ps: [ … ]`, the packages of the lock), `overlay` (of nixpkgs), `nixpkgs` (with that overlay),
  `dockerImage` (of `mkDockerImage`), `env` (for `nix-shell -A env`) and `expr` (the locked packages as JSON).

  # Type

  ```
  mkPython :: { requirements :: Path | String; ... } -> Derivation
  ```

  # Example

  ```nix
  mach-nix.mkPython {
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
  }
  => «derivation /nix/store/…-python3-3.11.9-env.drv»
  ```
*/
{
  lib,
  pkgs,
  fail,
  resolved,
  image,
  pythonEnvironment,
  withShell,
  typeName,
  pythonAttribute,
}:

let
  checkCollisions =
    value:
    if builtins.isBool value || (builtins.isList value && lib.all builtins.isString value) then
      value
    else
      fail "`ignoreCollisions` must be a boolean or a list of paths such as `[ \"docs\" ]`, but is ${
        typeName.${builtins.typeOf value}
      }";
in
arguments:
let
  # Once: older versions of Nix evaluate what is inherited from again for each name.
  found = resolved arguments;
  inherit (found)
    args
    packages
    python
    programs
    pythonOverrides
    variables
    ;
  # Of an `environment.yml`. A value that the user's own environment has wins, as in a shell that is entered.
  exports = lib.concatStrings (
    lib.mapAttrsToList (name: value: "export ${name}=${lib.escapeShellArg value}\n") variables
  );

  attribute = pythonAttribute python.pythonVersion;
  overlay = final: prev: {
    ${attribute} = prev.${attribute}.override (old: {
      self = final.${attribute};
      packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) pythonOverrides;
    });
  };

  passthru = self: {
    inherit
      python
      pythonOverrides
      overlay
      variables
      ;
    inherit (python.pkgs) selectPkgs;
    nixpkgs = pkgs.appendOverlays [ overlay ];
    expr = builtins.toJSON packages;

    # nixpkgs derives these from the environment itself.
    interpreter = "${self}/bin/${python.executable}";
    env = pkgs.mkShell {
      name = "interactive-${self.name}";
      packages = [ self ] ++ programs;
      shellHook = exports;
    };

    dockerImage = image {
      environment = self;
      inherit programs variables;
    };
  };
in
# `withPackages` with additional arguments.
lib.makeOverridable
  (
    arguments:
    withShell {
      environment = pythonEnvironment python arguments;
      inherit programs passthru;
      shellHook = exports;
    }
  )
  {
    extraLibs = python.pkgs.selectPkgs python.pkgs;
    ignoreCollisions = checkCollisions args.ignoreCollisions;
    inherit (args) postBuild;
    makeWrapperArgs = lib.optional (programs != [ ]) "--suffix PATH : ${lib.makeBinPath programs}";
  }
