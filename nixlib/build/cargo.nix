# The crates of a source, as a directory source for cargo
# (https://doc.rust-lang.org/cargo/reference/source-replacement.html, "directory sources").
#
# A single derivation: unpacking costs less than starting a builder per crate, and the crates are
# not needed once the wheel is built.
{ lib, pkgs }:

let
  archive =
    package:
    pkgs.fetchurl {
      name = "crate-${package.name}-${package.version}.tar.gz";
      inherit (package) url hash;
    };

  # cargo compares the digest of the archive with that of Cargo.lock; those of the files are not needed.
  unpack = package: ''
    unpack ${archive package} ${lib.escapeShellArg "${package.name}-${package.version}"}
  '';
in
{
  # The crates of the lock.
  crates =
    packages:
    pkgs.runCommand "mach-nix-crates" { } ''
      unpack() {
        mkdir "$out/$2"
        tar -xzf "$1" --strip-components=1 --no-same-owner -C "$out/$2"
        echo '{"files":{},"package":"'"$(sha256sum "$1" | cut -c-64)"'"}' > "$out/$2/.cargo-checksum.json"
      }
      mkdir "$out"
      ${lib.concatMapStrings unpack packages}
    '';

  # Additional inputs of a build with cargo.
  nativeBuildInputs = [
    pkgs.cargo
    pkgs.rustc
  ];
}
