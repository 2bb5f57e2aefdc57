{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  buildEntry = (scope { inherit lib pkgs fail; }).buildEntry;
  build =
    changes:
    buildEntry {
      python = pkgs.python311;
      package = lockFile.package "click" "8.1.3" // changes;
      dependencyNames.click = [ ];
      locked = { };
    };
in
{
  "a wheel" = {
    expr = (build { }).src.name;
    expected = "click-8.1.3-py3-none-any.whl";
  };
  "a source" = {
    expr =
      (build {
        provider = "sdist";
        build.packages = [ ];
      }).provider;
    expected = "sdist";
  };
  "an unknown provider" = {
    expr = build { provider = "apt/main"; };
    expectedError.msg = "mach-nix.mkPython: package `click` is locked from the provider `apt/main`, which can't be built; lock it from one of `nixpkgs`, `sdist`, `wheel` with `mach-nix lock --provider click=…`";
  };
}
