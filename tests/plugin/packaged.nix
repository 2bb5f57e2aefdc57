# crates/plugin/package.nix, with the Rust of this machine and for a Nix of this machine: for packaged.sh.
{
  # A nixpkgs tree that can be built here.
  pkgs,
  # The folder of a Rust toolchain.
  toolchain,
  # The source of Nix 2.8.0: the headers for the shim. Or else:
  headers ? null,
  # The folder with the libraries of a Nix that has the C API, and its version.
  libraries ? null,
  version ? null,
}:

let
  inherit (pkgs) lib;

  # What needs no compiler is left out: it would be copied and hashed.
  ignored = [
    "/share"
    "/lib/rustlib/src"
    "/etc"
    "/libexec"
  ];
  rust =
    pkgs.runCommand "rust-host"
      {
        pname = "rustc";
        version = "host";
        passthru = {
          targetPlatforms = lib.platforms.all;
          badTargetPlatforms = [ ];
        };
      }
      ''
        mkdir $out
        ln -s ${
          builtins.path {
            name = "rust-toolchain";
            path = toolchain;
            filter = path: _: !(lib.any (part: lib.hasPrefix (toString toolchain + part) path) ignored);
          }
        }/* $out
      '';

  # Crates come from where the address of nixpkgs leads: its `fetchurl` may be one that knows few addresses.
  fetchCrate =
    fetchurl: args:
    let
      crate = builtins.match "https://crates.io/api/v1/crates/([^/]*)/([^/]*)/download" (args.url or "");
      name = builtins.elemAt crate 0;
      version = builtins.elemAt crate 1;
    in
    if crate == null then
      fetchurl args
    else
      import <nix/fetchurl.nix> {
        inherit (args) name sha256;
        url = "https://static.crates.io/crates/${name}/${name}-${version}.crate";
      };

  set = pkgs.extend (
    _: previous: {
      rustc = rust;
      cargo = rust;
      rustc-unwrapped = rust;
      cargo-auditable.meta.broken = true;
      fetchurl = lib.makeOverridable (fetchCrate previous.fetchurl);
      # The wrapper of the tree, around the program of this machine.
      pkg-config = previous.callPackage (pkgs.path + "/pkgs/build-support/pkg-config-wrapper") {
        pkg-config = previous.pkg-config-unwrapped;
      };
    }
  );

  # Headers of this machine, and what pkg-config says of them.
  headersOf =
    pname: attributes: contents:
    set.runCommand pname ({ inherit pname; } // attributes) ''
      mkdir -p $out/include $out/lib/pkgconfig
      ${contents}
    '';
  module =
    name: requires: flags:
    builtins.toFile "${name}.pc" ''
      Name: ${name}
      Description: ${name}
      Version: 1
      Requires: ${requires}
      Cflags: ${flags}
    '';

  boost = headersOf "boost" { } "cp -r /usr/include/boost $out/include";
  nlohmann_json = headersOf "nlohmann_json" { } ''
    cp -r /usr/include/nlohmann $out/include
    cp ${module "nlohmann_json" "" ""} $out/lib/pkgconfig/nlohmann_json.pc
  '';
  boehmgc = headersOf "boehmgc" { } ''
    cp -r /usr/include/gc* $out/include
    cp ${module "bdw-gc" "" ""} $out/lib/pkgconfig/bdw-gc.pc
  '';

  # As `make install` lays them out, and Nix's own files for pkg-config.
  nixWithHeaders = headersOf "nix" { version = "2.8.0"; } ''
    mkdir $out/include/nix
    for folder in libutil libstore libfetchers libexpr libmain; do
      cp ${headers}/src/$folder/*.hh $out/include/nix
    done
    printf '#define %s\n' 'HAVE_BOEHMGC 1' 'SYSTEM "${pkgs.stdenv.hostPlatform.system}"' >$out/include/nix/config.h
    for name in expr store main; do
      sed "s|@prefix@|$out|; s|@includedir@|$out/include|; s|@libdir@|$out/lib|; s|@PACKAGE_VERSION@|2.8.0|" \
        ${headers}/src/lib$name/nix-$name.pc.in >$out/lib/pkgconfig/nix-$name.pc
    done
  '';

  # Each library is a package, as in nixpkgs.
  nixWithApi = {
    inherit version;
    libs = lib.genAttrs [ "nix-util-c" "nix-store-c" "nix-expr-c" ] (
      name:
      set.runCommand name { } ''
        mkdir -p $out/lib
        ln -s ${toString libraries}/lib${lib.replaceStrings [ "-" ] [ "" ] name}.so $out/lib
      ''
    );
  };
in
set.callPackage ../../crates/plugin/package.nix {
  rustPlatform = set.makeRustPlatform {
    cargo = rust;
    rustc = rust;
  };
  nix = if headers != null then nixWithHeaders else nixWithApi;
  inherit boost boehmgc nlohmann_json;
}
