/**
  The package set that everything is built with: the `pkgs` of the import.

  # Type

  ```
  nixpkgs :: Nixpkgs
  ```

  # Example

  ```nix
  mach-nix.nixpkgs.mkShell { packages = [ (mach-nix.mkPython { … }) ]; }
  ```
*/
{ pkgs }:

pkgs
