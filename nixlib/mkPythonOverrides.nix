/**
  The locked packages as an overlay of a Python package set, for use with `packageOverrides`.

  Besides the packages, the overlay defines `selectPkgs`: a function from the package set to the
  list of all packages of the lock.

  # Inputs

  Those of `mkPython`.  `python` is the interpreter which the overlay is for, without the overlay: the
  packages are built with the tools of its package set.

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
{ resolved }:

arguments: (resolved arguments).pythonOverrides
