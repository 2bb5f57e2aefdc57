/**
  The locked packages as an overlay of nixpkgs: everything there that uses the interpreter sees
  them.

  # Inputs

  Those of `mkPython`.

  # Type

  ```
  mkOverlay :: { requirements :: Path | String; lock :: Path; ... } -> (AttrSet -> AttrSet -> AttrSet)
  ```

  # Example

  ```nix
  import <nixpkgs> {
    overlays = [
      (mach-nix.mkOverlay {
        python = "python311";
        requirements = ./requirements.txt;
        lock = ./mach-nix.lock;
      })
    ];
  }
  ```
*/
{ mkPython }:

arguments: (mkPython arguments).overlay
