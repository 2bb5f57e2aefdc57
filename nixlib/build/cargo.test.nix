{
  lib,
  pkgs,
  scope,
  ...
}:

let
  cargo = (scope { inherit lib pkgs; }).cargo;
  crates = cargo.crates [
    {
      name = "zstd-sys";
      version = "2.0.9+zstd.1.5.5";
      url = "https://example.org/zstd-sys-2.0.9%2Bzstd.1.5.5.crate";
      hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    }
  ];
in
{
  "a crate is unpacked under its name and version" = {
    expr =
      builtins.match ".*unpack /nix/store/[a-z0-9]*-crate-zstd-sys-2\\.0\\.9\\+zstd\\.1\\.5\\.5\\.tar\\.gz '?zstd-sys-2\\.0\\.9\\+zstd\\.1\\.5\\.5'?\n.*" crates.buildCommand
      != null;
    expected = true;
  };
  "an empty lock of cargo" = {
    expr = lib.isDerivation (cargo.crates [ ]);
    expected = true;
  };
  "the compiler" = {
    expr = map lib.isDerivation cargo.nativeBuildInputs;
    expected = [
      true
      true
    ];
  };
}
