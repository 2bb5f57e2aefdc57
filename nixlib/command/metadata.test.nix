{ lib, ... }:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  setuptools = lockFile.package "setuptools" "70.0.0";
  names =
    package:
    map (drv: drv.name) (
      import ./metadata.nix {
        nixpkgs = ../../hostpkgs;
        argument = builtins.toFile "argument.json" (
          builtins.toJSON {
            package = package // {
              provider = "sdist";
              build = {
                requires = [ "setuptools" ];
                packages = [ setuptools ];
              };
            };
            python = "3.11";
            metadata = true;
          }
        );
      }
    );
in
{
  "the answer comes last, and before it what it needs" = {
    expr =
      let
        all = names (lockFile.package "demo" "1.0");
      in
      {
        hasSource = lib.elem "demo-1.0-py3-none-any.whl" all;
        last = lib.last all;
      };
    expected = {
      hasSource = true;
      last = "demo-1.0-metadata";
    };
  };
  "a fix counts" = {
    expr = lib.any (lib.hasPrefix "libxslt") (names (lockFile.package "lxml" "5.2.2"));
    expected = true;
  };
  "paths are absolute" = {
    expr = lib.last (names {
      name = "greeter";
      version = "0";
      path = toString ../../tests/nix/projects/isolated;
    });
    expected = "greeter-0-metadata";
  };
}
