/**
  nixpkgs with the locked packages in the place of its own: the package set of the import with the
  overlay of `mkOverlay`.

  # Inputs

  Those of `mkPython`.

  # Type

  ```
  mkNixpkgs :: { requirements :: Path | String; lock :: Path; ... } -> Nixpkgs
  ```

  # Example

  ```nix
  (mach-nix.mkNixpkgs {
    python = "python311";
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
  }).python311.pkgs.flask
  ```
*/
{ mkPython }:

arguments: (mkPython arguments).nixpkgs
