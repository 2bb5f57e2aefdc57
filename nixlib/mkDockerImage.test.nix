{ lib, machNix, ... }:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  image = machNix.mkDockerImage arguments;
in
{
  "name and tag" = {
    expr = {
      inherit (image) imageName imageTag;
    };
    expected = {
      imageName = "mach-nix-python";
      imageTag = "latest";
    };
  };
  "override takes the arguments of dockerTools" = {
    expr =
      let
        changed = image.override (old: {
          name = "jupyterlab";
          config = old.config // {
            Cmd = [ "jupyter" ];
          };
        });
      in
      [
        changed.imageName
        changed.imageTag
        (lib.isString changed.drvPath)
      ];
    expected = [
      "jupyterlab"
      "latest"
      true
    ];
  };
  "errors name mkDockerImage" = {
    expr = machNix.mkDockerImage { };
    expectedError.msg = "mach-nix.mkDockerImage: the argument `requirements` is missing";
  };
}
