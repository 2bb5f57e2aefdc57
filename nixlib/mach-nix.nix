/**
  The command `mach-nix`: the `package` of the import, else it is built from this repository with nixpkgs'
  Rust.

  # Type

  ```
  mach-nix :: Derivation
  ```

  # Example

  ```console
  $ nix-env -f . -iA mach-nix
  ```
*/
{
  pkgs,
  fail,
  package,
  ...
}:
if package != null then
  package
else if pkgs ? rustPlatform then
  pkgs.callPackage ../package.nix { }
else
  fail "this package set has no `rustPlatform` to build the command with; give its path as `package` of the import, or make a lock file with `mach-nix lock`"
