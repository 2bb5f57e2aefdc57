/**
  The locked packages as an overlay of a Python package set, for use with `packageOverrides`.

  Besides the packages, the overlay defines `selectPkgs`: a function from the package set to the
  list of all packages of the lock.

  # Inputs

  `requirements`, `lock`, `providers`
  : as for `mkPython`

  `python`
  : the interpreter which the overlay is for, without the overlay.  The packages are built with the
    tools of its package set.

  # Type

  ```
  mkPythonOverrides :: { requirements :: Path | String; lock :: Path; ... } -> (AttrSet -> AttrSet -> AttrSet)
  ```

  # Example

  ```nix
  let
    python = pkgs.python311.override {
      self = python;
      packageOverrides = mach-nix.mkPythonOverrides {
        python = "python311";
        requirements = ./requirements.txt;
        lock = ./mach-nix.lock;
      };
    };
  in
  python.withPackages (ps: [ ps.flask ])
  ```
*/
{
  lib,
  pkgs,
  fail,
  ...
}@context:

let
  checkArguments = import ./internal/arguments.nix { inherit lib fail; };
  interpreter = import ./internal/interpreter.nix context;
  resolve = import ./resolve.nix context;
  overlay = import ./internal/overlay.nix { inherit lib pkgs fail; };
  known = import ./internal/overridesArguments.nix;
in
arguments:
let
  args = checkArguments known arguments;
  python = interpreter (args.python or null);
in
builtins.seq args (overlay {
  inherit python;
  packages = resolve (args // { inherit python; });
})
