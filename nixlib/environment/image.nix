# The container image of an environment: `dockerTools.buildLayeredImage` of nixpkgs with what programs expect of a machine.
# An `override` of the arguments keeps these parts:
# - a shell with coreutils, and /usr/bin/env for scripts
# - /tmp, and the user database with root and nobody
# - certificates of authorities, with SSL_CERT_FILE for the programs that do not look into /etc
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
    # Without it, glibc does not look into /etc/hosts first.
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

  # Variables of the user win: a variable that occurs twice has no defined value.
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
  # Further packages whose programs are part of it.
  programs ? [ ],
}:
lib.makeOverridable (args: pkgs.dockerTools.buildLayeredImage (complete args)) {
  name = "mach-nix-python";
  tag = "latest";
  contents = [ environment ] ++ programs;
  config.Cmd = [ "${environment}/bin/python" ];
}
