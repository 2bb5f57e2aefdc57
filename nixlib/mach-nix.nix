/**
  The command `mach-nix`: the `package` of the import, else it is built from this repository with nixpkgs' Rust.

  A `mach-nix` of the package set is never taken: it may be another version, or the library.

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
}:

if package != null then
  package
else if pkgs ? rustPlatform then
  pkgs.callPackage ../package.nix { }
else
  fail "this package set has no `rustPlatform` to build the command `mach-nix` with; give one that is built to the import: `import mach-nix { package = /path/to/bin/mach-nix; }`, or make a lock file where there is one"
