/**
  A Python project as an application, like nixpkgs' `buildPythonApplication`: its console scripts are
  what it is for, and no other Python package can be made of it.

  # Inputs

  Those of `buildPythonPackage`.  `meta.mainProgram` is the console script with the name of the
  project, or the only one.

  # Type

  ```
  buildPythonApplication :: (Path | String | { src :: Path | String | Derivation; ... }) -> Derivation
  ```

  # Example

  ```nix
  mach-nix.buildPythonApplication ./.
  => «derivation /nix/store/…-greeter-1.0.drv»
  ```
*/
{ buildPython }:

buildPython "buildPythonApplication"
