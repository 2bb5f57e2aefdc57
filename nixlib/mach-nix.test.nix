{ lib, scope, ... }:

let
  command =
    pkgs: package:
    (scope {
      inherit lib pkgs package;
      fail = message: throw "mach-nix.mach-nix: ${message}";
    }).mach-nix;
in
{
  "the one of the import" = {
    expr = command { mach-nix = 1; } 2;
    expected = 2;
  };
  "is built with nixpkgs' Rust" = {
    expr = command {
      rustPlatform = null;
      mach-nix = throw "of another version, or the library";
      callPackage = file: _: baseNameOf file;
    } null;
    expected = "package.nix";
  };
  "a package set without Rust" = {
    expr = command { } null;
    expectedError.msg = "mach-nix.mach-nix: this package set has no `rustPlatform` to build the command `mach-nix` with; give one that is built to the import: `import mach-nix { package = /path/to/bin/mach-nix; }`, or make a lock file where there is one";
  };
}
