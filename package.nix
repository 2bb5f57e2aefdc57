# The command `mach-nix` as a derivation: `pkgs.callPackage ./package.nix { }`.
{
  lib,
  rustPlatform,
}:

let
  # What the build reads, so that a change of the documentation builds nothing again.
  parts = [
    "Cargo.lock"
    "Cargo.toml"
    "crates"
    # Part of the binary.
    "examples"
    "nixlib"
    "templates"
    "tests"
  ];
  root = toString ./.;
  isPart =
    path:
    let
      relative = lib.removePrefix "${root}/" (toString path);
    in
    lib.elem (lib.head (lib.splitString "/" relative)) parts;
in
rustPlatform.buildRustPackage {
  pname = "mach-nix";
  inherit ((lib.importTOML ./Cargo.toml).workspace.package) version;

  src = lib.cleanSourceWith {
    name = "mach-nix-source";
    src = ./.;
    filter = path: _: isPart path;
  };
  cargoLock.lockFile = ./Cargo.lock;

  cargoBuildFlags = [ "--package=mach-nix" ];
  # The tests of the whole need Python and the fixtures: `./dev test` runs them.
  cargoTestFlags = [
    "--package=mach-nix"
    "--bins"
  ];

  meta = {
    description = "Python requirements to reproducible Nix environments";
    homepage = "https://github.com/DavHau/mach-nix";
    license = [
      lib.licenses.mit
      lib.licenses.asl20
    ];
    mainProgram = "mach-nix";
  };
}
