{ lib, pkgs, ... }:

{
  "an override keeps what programs expect of a machine" = {
    expr =
      let
        received =
          (import ./image.nix {
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
}
