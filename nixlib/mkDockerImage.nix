/**
  The environment of `mkPython` as a container image, for `docker load`.

  It is made by `dockerTools.buildLayeredImage` of nixpkgs; its `override` takes the arguments of that
  function.

  # Inputs

  Those of `mkPython`.

  # Type

  ```
  mkDockerImage :: { requirements :: Path | String; lock :: Path; ... } -> Derivation
  ```

  # Example

  ```nix
  (mach-nix.mkDockerImage {
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
  }).override (old: {
    name = "jupyterlab";
    config.Cmd = [ "jupyter" "lab" "--ip=0.0.0.0" ];
  })
  ```
*/
{ mkPython }:

arguments: (mkPython arguments).dockerImage
