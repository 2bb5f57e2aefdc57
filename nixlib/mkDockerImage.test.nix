{
  lib,
  pkgs,
  machNix,
  ...
}:

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
  "an override keeps what programs expect of a machine" = {
    expr =
      let
        received =
          (import ./internal/image.nix {
            inherit lib;
            pkgs = pkgs // {
              dockerTools = pkgs.dockerTools // {
                buildLayeredImage = args: { inherit args; };
              };
            };
          })
            { environment = pkgs.jq; };
        changed = received.override {
          contents = [ pkgs.git ];
          extraCommands = "mkdir data";
          config.Env = [ "SSL_CERT_FILE=/own.crt" ];
        };
      in
      {
        own = lib.head changed.args.contents == pkgs.git;
        shell = lib.elem pkgs.bashInteractive changed.args.contents;
        commands =
          lib.hasInfix "tmp" changed.args.extraCommands
          && lib.hasInfix "mkdir data" changed.args.extraCommands;
        inherit (changed.args.config) Env;
        certificates = map (lib.hasPrefix "SSL_CERT_FILE=/nix/store/") received.args.config.Env;
      };
    expected = {
      own = true;
      shell = true;
      commands = true;
      Env = [ "SSL_CERT_FILE=/own.crt" ];
      certificates = [ true ];
    };
  };
  "errors name mkDockerImage" = {
    expr = machNix.mkDockerImage { };
    expectedError.msg = "mach-nix.mkDockerImage: the argument `requirements` is missing";
  };
}
