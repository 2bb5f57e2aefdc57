/**
  A Python environment with exactly the packages of a lock, like `python.withPackages`.

  # Inputs

  `requirements`
  : what was locked: the path of a requirements.txt, or its text.  It is compared with the lock,
    so that a forgotten `mach-nix lock` is an error and not an old environment.

  `lock`
  : the path of the `mach-nix.lock`

  `python`
  : the interpreter: a derivation or an attribute name of `pkgs` (default: that of the import)

  `providers`
  : the provider preferences the lock must have been made with, as
    `{ _default = "wheel"; numpy = "wheel,sdist"; }` (default: whatever the lock says)

  `ignoreCollisions`
  : whether two packages may hold different files of the same name (default: `false`)

  `postBuild`
  : shell commands that run in the finished environment, with `$out` as its path

  The result has these attributes besides those of `python.withPackages`: `python` (the
  interpreter whose `pkgs` has the locked packages), `pythonOverrides` (the overlay), `selectPkgs`
  (`ps: [ … ]`, the packages of the lock) and `env` (for `nix-shell -A env`).

  # Type

  ```
  mkPython :: { requirements :: Path | String; lock :: Path; ... } -> Derivation
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
{ lib, fail, ... }@context:

let
  checkArguments = import ./internal/arguments.nix { inherit lib fail; };
  interpreter = import ./internal/interpreter.nix context;
  mkPythonOverrides = import ./mkPythonOverrides.nix context;

  ofEnvironment = {
    ignoreCollisions = "bool";
    postBuild = "string";
  };
  ofOverrides = import ./internal/overridesArguments.nix;
in
arguments:
let
  args = {
    ignoreCollisions = false;
    postBuild = "";
  }
  // checkArguments (ofOverrides // ofEnvironment) arguments;

  pythonOverrides = mkPythonOverrides (builtins.removeAttrs args (lib.attrNames ofEnvironment));

  # An interpreter that already has overrides keeps them: the locked packages come on top.
  python = (interpreter (args.python or null)).override (old: {
    self = python;
    packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) pythonOverrides;
  });

  environment = (python.withPackages (ps: ps.selectPkgs ps)).override {
    inherit (args) ignoreCollisions postBuild;
  };
in
environment.overrideAttrs (old: {
  passthru = old.passthru // {
    inherit python pythonOverrides;
    inherit (python.pkgs) selectPkgs;
  };
})
