# A nixpkgs package set whose Python machinery is real and whose native tools
# are the host's.  See README.md.
{
  nixpkgs ? /. + builtins.getEnv "MACH_NIX_TEST_NIXPKGS", # a nixpkgs tree
  packageIndex ? builtins.getEnv "PACKAGE_INDEX", # address of a simple index, for "packages/source/…" addresses
  system ? "x86_64-linux",
  config ? { },
  overlays ? [ ], # applied on top of the host overlay
  extraPythons ? { }, # { python312 = /opt/python-3.12; }: more interpreters, by prefix
  checkTreeModules ? false, # run the test suites of the tree's own Python modules
  strictLoader ? true, # programs do not look for libraries in /usr/lib, as on NixOS
  hostStamp ? "", # change it to rebuild everything taken from the host
}:

let

  ## Bootstrapping: stage 0 is the tree's own "native" stage (a stdenv whose
  ## tools are simply the host's, without compiler).  With it the host's tools
  ## are packaged, and out of those packages the final stdenv is made, around
  ## the tree's own cc-wrapper and bintools-wrapper.
  stdenvStages =
    {
      lib,
      config,
      overlays,
      ...
    }@args:
    let
      native = import (nixpkgs + "/pkgs/stdenv/native") (
        builtins.intersectAttrs {
          lib = 0;
          localSystem = 0;
          crossSystem = 0;
          config = 0;
          overlays = 0;
          crossOverlays = 0;
        } args
      );
    in
    [
      (builtins.elemAt native 0)

      (
        prevStage:
        let
          stdenvNoCC = prevStage.stdenv;
          host = import ./host-tools.nix {
            inherit lib nixpkgs;
            stdenv = stdenvNoCC;
            stamp = hostStamp;
            inherit strictLoader packageIndex;
          };
          wrapperArgs = {
            inherit lib stdenvNoCC;
            inherit (host) coreutils gnugrep;
            runtimeShell = "${host.bash}/bin/bash";
            libc = host.glibc;
            nativeTools = false;
            nativeLibc = false;
            propagateDoc = false;
            expand-response-params = "";
          };
          bintools = lib.makeOverridable (import (nixpkgs + "/pkgs/build-support/bintools-wrapper")) (
            wrapperArgs // { bintools = host.binutils-unwrapped; }
          );
          cc = lib.makeOverridable (import (nixpkgs + "/pkgs/build-support/cc-wrapper")) (
            wrapperArgs
            // {
              cc = host.gcc-unwrapped;
              isGNU = true;
              inherit bintools;
              # the host's gcc would run the host's ld
              extraBuildCommands = ''
                echo "-B${bintools}/bin" >> $out/nix-support/cc-cflags
              '';
            }
          );
          fetchurlBoot = import (nixpkgs + "/pkgs/build-support/fetchurl") {
            inherit lib stdenvNoCC;
            inherit (host) curl cacert;
          };
        in
        {
          inherit config overlays;
          stdenv = stdenvNoCC.override (_: {
            name = "stdenv-host";
            inherit cc fetchurlBoot;
            shell = "${host.bash}/bin/bash";
            initialPath = with host; [
              coreutils
              findutils
              diffutils
              gnused
              gnugrep
              gawk
              gnutar
              gzip
              bzip2
              gnumake
              bash
              gnupatch
              xz
              file
            ];
            extraNativeBuildInputs = [ host.patchelf ];
            extraAttrs = {
              hostTools = host;
            };
          });
        }
      )
    ];

  ## The overlay: native packages which the Python and container machinery
  ## mentions, replaced by the host's; everything else is the tree's.
  hostOverlay =
    final: prev:
    let
      inherit (final) lib callPackage;
      host = final.stdenv.hostTools;
      support = nixpkgs + "/pkgs/build-support";
      pythonDir = nixpkgs + "/pkgs/by-name/py/python";

      githubSources = import ./github-sources.nix;

      # An sdist unpacked into a directory named like a GitHub checkout.
      standIn =
        name:
        {
          main,
          parts ? { },
          fix ? "",
          ...
        }:
        final.runCommand name { } (
          ''
            mkdir $out
            tar -xzf ${final.fetchurl main} --strip-components=1 -C $out
          ''
          + lib.concatStrings (
            lib.mapAttrsToList (dir: part: ''
              mkdir -p $out/${dir}
              tar -xzf ${final.fetchurl part} --strip-components=1 -C $out/${dir}
            '') parts
          )
          + ''
            cd $out
            ${fix}
          ''
        );

      passthruFun = import (pythonDir + "/passthrufun.nix") {
        inherit (final)
          lib
          stdenv
          callPackage
          pythonPackagesExtensions
          config
          makeScopeWithSplicing'
          ;
      };
      hostPython =
        args:
        callPackage ./host-cpython.nix (
          {
            inherit nixpkgs passthruFun;
            hostTools = host;
            sourceVersion = {
              major = "3";
              minor = "11";
              patch = "2";
              suffix = "";
            };
          }
          // args
        );
    in
    {
      inherit (host)
        bash
        coreutils
        findutils
        diffutils
        gnused
        gnugrep
        gawk
        gnutar
        gzip
        bzip2
        xz
        gnumake
        gnupatch
        patchelf
        unzip
        jq
        rsync
        pigz
        zstd
        which
        jshon
        file
        perl
        git
        fakeroot
        proot
        moreutils
        go
        pkg-config
        nix
        util-linux
        procps
        hostname
        curl
        cacert
        tzdata
        mailcap
        zlib
        libffi
        expat
        openssl
        sqlite
        brotli
        ncurses
        readline
        libxcrypt
        glibc
        ;
      bashInteractive = host.bash;
      gitMinimal = host.git;
      curlMinimal = host.curl;
      shellcheck = host.shellcheck;
      shellcheck-minimal = host.shellcheck;
      runtimeShellPackage = host.bash;
      util-linuxMinimal = host.util-linux;
      libffiBoot = host.libffi;
      pkg-config-unwrapped = host.pkg-config;
      hostTools = host;
      xorg = prev.xorg // {
        inherit (host) lndir;
      };
      gcc = final.stdenv.cc;
      binutils = final.stdenv.cc.bintools;
      bintools = final.stdenv.cc.bintools;
      binutils-unwrapped = host.binutils-unwrapped;
      gccStdenv = final.stdenv;

      # The tree's fetchurl, with the host's curl.
      fetchurl = lib.makeOverridable (import (support + "/fetchurl")) {
        inherit lib;
        inherit (final)
          stdenvNoCC
          buildPackages
          cacert
          curl
          ;
      };

      fetchFromGitHub = lib.makeOverridable (
        args:
        let
          known = githubSources."${args.owner}/${args.repo}" or null;
          rev = lib.removePrefix "v" (lib.removePrefix "refs/tags/" (args.rev or ""));
        in
        if known != null && known.rev == rev then
          standIn (args.name or "source") known
        else
          prev.fetchFromGitHub args
      );

      ## Python
      pythonInterpreters =
        prev.pythonInterpreters
        // {
          python311 = hostPython { self = final.__splicedPackages.python311; };
          python3Minimal = hostPython {
            self = final.__splicedPackages.python3Minimal;
            pythonAttr = "python3Minimal";
          };
        }
        // lib.mapAttrs (
          pythonAttr: prefix:
          let
            version = lib.splitVersion (baseNameOf (toString prefix));
          in
          hostPython {
            inherit pythonAttr prefix;
            self = final.__splicedPackages.${pythonAttr};
            sourceVersion = {
              major = lib.elemAt version 0;
              minor = lib.elemAt version 1;
              patch = lib.elemAt version 2;
              suffix = "";
            };
          }
        ) extraPythons;

      # Their test suites would pull in pytest, hypothesis and so on.  Only the
      # modules that come with the tree are touched, not what users build, and
      # `override` and `overridePythonAttrs` keep working on them.
      pythonPackagesExtensions =
        prev.pythonPackagesExtensions
        ++ lib.optional (!checkTreeModules) (
          _: modules:
          let
            unchecked = old: {
              buildPythonPackage = old.buildPythonPackage // {
                __functor =
                  _: args:
                  old.buildPythonPackage (
                    args
                    // {
                      doCheck = false;
                      nativeCheckInputs = [ ];
                      checkInputs = [ ];
                    }
                  );
              };
            };
            change =
              module:
              if lib.functionArgs (module.override or ({ ... }: { })) ? buildPythonPackage then
                module.override unchecked
              else
                module;
            directories = lib.filterAttrs (_: type: type == "directory") (
              builtins.readDir (pythonDir + "/python-modules")
            );
          in
          lib.mapAttrs (name: _: change modules.${name}) (builtins.intersectAttrs directories modules)
        );

      ## Parts of nixpkgs which this trimmed tree has, but does not export
      mkShell = callPackage (support + "/mkshell") { };
      mkShellNoCC = final.mkShell.override { stdenv = final.stdenvNoCC; };
      closureInfo = callPackage (support + "/closure-info.nix") { };
      referencesByPopularity = callPackage (support + "/references-by-popularity") { };
      nix-gitignore = callPackage (support + "/nix-gitignore") { };
      srcOnly = callPackage (support + "/src-only") { };
      dockerTools = callPackage (support + "/docker") {
        # the real one runs flake8 over the script first
        writePython3 =
          name: _: file:
          final.runCommand name { } ''
            { echo '#!${final.python3.interpreter}'; cat ${file}; } > $out
            chmod +x $out
          '';
        vmTools = throw "host-nixpkgs: no virtual machines here (dockerTools.*.runAsRoot)";
        nixosTests = { };
        skopeo = throw "host-nixpkgs: no skopeo here (dockerTools.pullImage)";
        e2fsprogs = throw "host-nixpkgs: no e2fsprogs here";
        shadow = throw "host-nixpkgs: no shadow here";
      };
      tarsum = final.writeShellScriptBin "tarsum" ''
        echo "tarsum.v1+sha256:$(sha256sum | cut -d ' ' -f 1)"
      '';
    };

in
import (nixpkgs + "/pkgs/top-level") {
  localSystem = { inherit system; };
  inherit config stdenvStages;
  overlays = [ hostOverlay ] ++ overlays;
}
