# The container image of an environment: `dockerTools.buildLayeredImage` of nixpkgs with the parts
# that programs expect of a machine. An `override` of the arguments preserves these parts:
# - a shell with coreutils, and /usr/bin/env for scripts
# - /tmp, and the user database with root and nobody
# - certificates of authorities, with SSL_CERT_FILE for programs that do not search /etc
{ lib, pkgs }:

let
  certificates = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";

  userDatabase = [
    (pkgs.writeTextDir "etc/passwd" ''
      root:x:0:0:root:/root:/bin/sh
      nobody:x:65534:65534:nobody:/var/empty:/bin/sh
    '')
    (pkgs.writeTextDir "etc/group" ''
      root:x:0:
      nobody:x:65534:
    '')
    # Without it, glibc does not read /etc/hosts first.
    (pkgs.writeTextDir "etc/nsswitch.conf" ''
      passwd: files
      group: files
      hosts: files dns
    '')
  ];

  base = [
    pkgs.bashInteractive
    pkgs.coreutils
    pkgs.dockerTools.caCertificates
    pkgs.dockerTools.usrBinEnv
  ]
  ++ userDatabase;

  # The user's variables win: the value of a duplicate variable is not defined.
  withCertificates =
    variables:
    lib.optional (!(lib.any (lib.hasPrefix "SSL_CERT_FILE=") variables)) "SSL_CERT_FILE=${certificates}"
    ++ variables;

  complete =
    args:
    args
    // {
      contents = lib.toList (args.contents or [ ]) ++ base;
      extraCommands = ''
        mkdir -p -m 1777 tmp
        mkdir -p -m 700 root
        mkdir -p -m 555 var/empty
        ${args.extraCommands or ""}
      '';
      config = (args.config or { }) // {
        Env = withCertificates (args.config.Env or [ ]);
      };
    };
in
{
  # The environment.
  environment,
  # Additional packages whose programs are included.
  programs ? [ ],
  # Environment variables.
  variables ? { },
}:
lib.makeOverridable (args: pkgs.dockerTools.buildLayeredImage (complete args)) {
  name = "mach-nix-python";
  tag = "latest";
  contents = [ environment ] ++ programs;
  config = {
    Cmd = [ "${environment}/bin/python" ];
    Env = lib.mapAttrsToList (name: value: "${name}=${value}") variables;
  };
}
