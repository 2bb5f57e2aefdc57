/**
  The environment of `mkPython` as something to enter with `nix-shell`.

  # Inputs

  Those of `mkPython`.

  # Type

  ```
  mkPythonShell :: { requirements :: Path | String; lock :: Path; ... } -> Derivation
  ```

  # Example

  ```nix
  # shell.nix
  mach-nix.mkPythonShell {
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
  }
  ```
*/
{ mkPython }:

arguments: (mkPython arguments).env
