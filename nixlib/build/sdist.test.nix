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
  python = pkgs.python311;

  package =
    name: changes:
    lockFile.package name "1.0"
    // {
      provider = "sdist";
      file = "${name}-1.0.tar.gz";
      url = "https://example.org/${name}-1.0.tar.gz";
      build = {
        requires = [ "setuptools" ];
        packages = [ (lockFile.package "setuptools" "70.0.0") ];
      };
    }
    // changes;
  buildIn =
    python: package:
    buildEntry {
      inherit python package;
      dependencyNames.${package.name} = [ ];
      locked = { };
    };
  build = buildIn python;
  isInput =
    name: drv:
    lib.any (input: input.pname or "" == name) (
      drv.nativeBuildInputs ++ drv.buildInputs ++ drv.propagatedBuildInputs
    );
in
{
  "name and version" = {
    expr = {
      inherit (build (package "unheard-of" { })) pname version name;
    };
    expected = {
      pname = "unheard-of";
      version = "1.0";
      name = "python3.11-unheard-of-1.0";
    };
  };

  "the build environment is no input" = {
    expr = isInput "setuptools" (build (package "unheard-of" { }));
    expected = false;
  };

  "a build tool that nixpkgs' hooks use" = {
    expr = (build (package "packaging" { })).version;
    expected = "1.0";
  };

  "cargo is an input of what it builds" = {
    expr =
      let
        builds =
          map
            (
              cargo:
              build (
                package "unheard-of" {
                  build = {
                    packages = [ ];
                  }
                  // cargo;
                }
              )
            )
            [
              { }
              { cargo = [ ]; }
            ];
      in
      map (drv: {
        crates = drv.crates != null;
        inputs = map (tool: lib.elem tool.name (map (input: input.name) drv.nativeBuildInputs)) [
          pkgs.cargo
          pkgs.rustc
        ];
      }) builds;
    expected = [
      {
        crates = false;
        inputs = [
          false
          false
        ];
      }
      {
        crates = true;
        inputs = [
          true
          true
        ];
      }
    ];
  };

  "dependencies are propagated" = {
    expr = isInput "click" (buildEntry {
      inherit python;
      package = package "unheard-of" { };
      dependencyNames.unheard-of = [ "click" ];
      locked.click = build (lockFile.package "click" "8.1.3");
    });
    expected = true;
  };

  "no build environment" = {
    expr = (build (package "unheard-of" { build = null; })).drvPath;
    expectedError.msg = "mach-nix.mkPython: package `unheard-of` is locked from its source, but without a build environment; renew the lock with this version of mach-nix";
  };
}
