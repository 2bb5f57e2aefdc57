/**
  The R packages of nixpkgs.

  # Type

  ```
  rPackages :: { ${name} :: Derivation; }
  ```

  # Example

  ```nix
  mach-nix.mkPython {
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
    packagesExtra = [ mach-nix.rPackages.data_table ];
  }
  ```
*/
{ pkgs, fail }:

pkgs.rPackages or (fail "`pkgs` has no R packages; import mach-nix with a nixpkgs that has")
