{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  wheel = (scope { inherit lib pkgs fail; }).buildWheel;
  build =
    changes:
    wheel {
      python = pkgs.python311;
      package = lockFile.package "click" "8.1.3" // changes;
      dependencies = [ ];
    };
  hooks =
    drv: lib.filter (name: lib.hasInfix "patchelf" name) (map lib.getName drv.nativeBuildInputs);
in
{
  "name and version" = {
    expr = {
      inherit (build { }) pname version name;
      file = (build { }).src.name;
    };
    expected = {
      pname = "click";
      version = "8.1.3";
      name = "python3.11-click-8.1.3";
      file = "click-8.1.3-py3-none-any.whl";
    };
  };

  "the provider, for conditions of fixes" = {
    expr = (build { }).provider;
    expected = "wheel";
  };
  "the modules that it requires are those that nixpkgs gives it" = {
    expr =
      let
        drv = wheel {
          python = pkgs.python311;
          package = lockFile.package "flask" "2.1.2";
          dependencies = [
            (build { })
            pkgs.python311.pkgs.installer
          ];
        };
      in
      drv.requiredPythonModules == (drv.overridePythonAttrs { }).requiredPythonModules
      && lib.length drv.requiredPythonModules >= 3;
    expected = true;
  };
  "overridePythonAttrs and overrideAttrs" = {
    expr =
      let
        drv = ((build { }).overridePythonAttrs { version = "9"; }).overrideAttrs { postInstall = "own"; };
      in
      [
        drv.name
        drv.postInstall
      ];
    expected = [
      "python3.11-click-9"
      "own"
    ];
  };

  "a local version, and an escaped address" = {
    expr =
      let
        drv = build {
          version = "2.0.1+cu118";
          file = "torch-2.0.1+cu118-py3-none-any.whl";
          url = "https://example.org/torch-2.0.1%2Bcu118-py3-none-any.whl";
        };
      in
      {
        inherit (drv.src) name;
        isPath = lib.hasPrefix builtins.storeDir drv.drvPath;
      };
    expected = {
      name = "torch-2.0.1+cu118-py3-none-any.whl";
      isPath = true;
    };
  };

  "an epoch" = {
    expr =
      let
        drv = build {
          version = "1!2.0";
          file = "click-1!2.0-py3-none-any.whl";
        };
      in
      {
        inherit (drv.src) name;
        isPath = lib.hasPrefix builtins.storeDir drv.drvPath;
      };
    expected = {
      name = "click-1_2.0-py3-none-any.whl";
      isPath = true;
    };
  };

  "pure wheels are not patched" = {
    expr = hooks (build { });
    expected = [ ];
  };

  "binary wheels are patched on Linux" = {
    expr = lib.length (
      hooks (build {
        file = "click-8.1.3-cp311-cp311-manylinux2014_x86_64.whl";
      })
    );
    expected = if pkgs.stdenv.hostPlatform.isLinux then 1 else 0;
  };
}
