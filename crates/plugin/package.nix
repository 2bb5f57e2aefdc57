# The evaluator plugin for a Nix of nixpkgs: `pkgs.callPackage ./package.nix { }`, or with the Nix that
# evaluates, `pkgs.callPackage ./package.nix { nix = pkgs.nixVersions.nix_2_18; }`.
#
# `lib/nix/plugins` is what the setting `plugin-files` takes; `lib` and `include` are for other programs.
{
  lib,
  rustPlatform,
  nix,
  boehmgc,
  boost,
  nlohmann_json,
  pkg-config,
}:

let
  # Up to 2.34 the program does not hold the C API, and each of its libraries is a package.
  hasApi = lib.versionAtLeast nix.version "2.24";
  api = nix.libs or null;

  shim = ''
    $CXX -std=c++20 -O2 -fPIC -shared -include ${lib.getDev nix}/include/nix/config.h \
      $(pkg-config --cflags nix-expr nix-store nix-main) -Icrates/plugin/include crates/plugin/shim/shim.cc \
      -L$out/lib -Wl,-rpath,$out/lib -lmach_nix_plugin -o $out/lib/nix/plugins/mach-nix.so
  '';
in
rustPlatform.buildRustPackage {
  pname = "mach-nix-plugin";
  version = (lib.importTOML ../../Cargo.toml).workspace.package.version;

  src = lib.fileset.toSource {
    root = ../..;
    fileset = lib.fileset.unions [
      ../../Cargo.lock
      ../../Cargo.toml
      ../../crates
      ../../tests
    ];
  };
  cargoLock.lockFile = ../../Cargo.lock;
  cargoBuildFlags = [
    "--package"
    "mach-nix-plugin"
  ];
  # tests/plugin/run.sh tries it inside of evaluators, which a build has not.
  doCheck = false;

  nativeBuildInputs = lib.optional (!hasApi) pkg-config;
  buildInputs = lib.optionals (!hasApi) [
    nix
    boehmgc
    boost
    nlohmann_json
  ];

  env = lib.optionalAttrs (api != null) {
    MACH_NIX_PLUGIN_LIBRARIES = lib.makeLibraryPath [
      api.nix-util-c
      api.nix-store-c
      api.nix-expr-c
    ];
  };

  postInstall = ''
    install -D -m 444 -t $out/include crates/plugin/include/mach_nix.h
    mkdir -p $out/lib/nix/plugins
    ${if hasApi then "ln -s $out/lib/libmach_nix_plugin.so $out/lib/nix/plugins/mach-nix.so" else shim}
  '';

  meta = {
    description = "Resolver of Python requirements inside the Nix evaluator";
    license = [
      lib.licenses.mit
      lib.licenses.asl20
    ];
    platforms = lib.platforms.linux;
  };
}
