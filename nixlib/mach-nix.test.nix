{ lib, ... }:

let
  command =
    pkgs: package:
    import ./mach-nix.nix {
      inherit lib pkgs package;
      fail = message: throw "mach-nix.mach-nix: ${message}";
    };
in
{
  "the one of the import" = {
    expr = command { } 2;
    expected = 2;
  };
  "is built with nixpkgs' Rust" = {
    expr = command {
      rustPlatform = null;
      callPackage = file: _: baseNameOf file;
    } null;
    expected = "package.nix";
  };
  "a package set without Rust" = {
    expr = command { } null;
    expectedError.msg = "mach-nix.mach-nix: this package set has no `rustPlatform`";
  };
}
