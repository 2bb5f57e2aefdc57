# The outputs of flake.nix, over the package set of the tests in the place of its input.
{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  inherit (pkgs.stdenv.hostPlatform) system;
  flake = import ../../flake.nix;
  outputs = flake.outputs {
    self = outputs;
    nixpkgs = {
      inherit lib;
      legacyPackages = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ] (_: pkgs);
    };
  };
  arguments = {
    requirements = ./locks/flask/requirements.txt;
    lock = ./locks/flask/mach-nix.lock;
    python = "python311";
  };
  environment = machNix.mkPython arguments;

  # Package sets without Rust have no command.
  withRust = pkgs // {
    rustPlatform.buildRustPackage =
      args:
      derivation {
        inherit (args) version;
        name = "${args.pname}-${args.version}";
        inherit system;
        builder = "/bin/sh";
      }
      // args;
  };
  callPackage = file: _: import file { inherit (withRust) lib rustPlatform; };
in
{
  "the outputs" = {
    expr = lib.attrNames outputs;
    expected = [
      "apps"
      "checks"
      "devShells"
      "flakeModules"
      "formatter"
      "lib"
      "overlays"
      "packages"
      "templates"
    ];
  };
  "the formatter, by the release of nixpkgs" = {
    expr =
      map
        (
          release:
          (flake.outputs {
            self = outputs;
            nixpkgs = {
              lib = lib // {
                trivial = lib.trivial // {
                  inherit release;
                };
              };
              legacyPackages =
                lib.genAttrs
                  [
                    "x86_64-linux"
                    "aarch64-linux"
                    "x86_64-darwin"
                    "aarch64-darwin"
                  ]
                  (_: {
                    nixfmt = "nixfmt";
                    nixfmt-rfc-style = "nixfmt-rfc-style";
                  });
            };
          }).formatter.${system}
        )
        [
          "24.05"
          "25.11"
        ];
    expected = [
      "nixfmt-rfc-style"
      "nixfmt"
    ];
  };
  "no other input than nixpkgs" = {
    expr = lib.attrNames flake.inputs;
    expected = [ "nixpkgs" ];
  };
  "lib of a system gives the same as the import" = {
    expr = outputs.lib.${system}.mkPython arguments == environment;
    expected = true;
  };
  "lib.mkLib" = {
    expr = (outputs.lib.mkLib pkgs).mkPython arguments == environment;
    expected = true;
  };
  "lib.mkPython with pkgs" = {
    expr = outputs.lib.mkPython (arguments // { inherit pkgs; }) == environment;
    expected = true;
  };
  "lib.mkPython without pkgs" = {
    expr = outputs.lib.mkPython arguments;
    expectedError.msg = "mach-nix.lib.mkPython: the argument `pkgs` is missing; write `pkgs = nixpkgs.legacyPackages.\\$\\{system};`, or call `mach-nix.lib.\\$\\{system}.mkPython`";
  };
  "the overlay" = {
    expr =
      (outputs.overlays.default (pkgs // { inherit callPackage; }) { }).mach-nix.lib.mkPython arguments
      == environment;
    expected = true;
  };
  "the module for flake-parts" = {
    expr =
      (outputs.flakeModules.default.perSystem { inherit pkgs; })._module.args.mach-nix.mkPython arguments
      == environment;
    expected = true;
  };
  "the template" = {
    expr = map (name: builtins.pathExists (outputs.templates.default.path + "/${name}")) [
      "default.nix"
      "mach-nix.lock"
      "requirements.txt"
    ];
    expected = [
      true
      true
      true
    ];
  };
  "the flake of the template" = {
    expr =
      let
        template = (import (outputs.templates.default.path + "/flake.nix")).outputs {
          nixpkgs = {
            inherit lib;
            legacyPackages.x86_64-linux = pkgs;
          };
          mach-nix = outputs;
        };
        environment = import ../../examples/flask-weather { inherit pkgs; };
      in
      [
        (template.packages.x86_64-linux.default == environment)
        (template.devShells.x86_64-linux.default == environment.env)
      ];
    expected = [
      true
      true
    ];
  };
  "checks are the environments of the build tests" = {
    expr = lib.hasAttr "environment-flask" outputs.checks.x86_64-linux;
    expected = true;
  };
  "environments by the names of their packages" = {
    expr =
      let
        gen =
          (flake.outputs {
            self = outputs;
            nixpkgs = {
              inherit lib;
              legacyPackages.x86_64-linux = withRust // {
                inherit callPackage;
              };
            };
          }).packages.x86_64-linux.gen;
        names = kind: lib.attrNames kind.flask;
      in
      {
        isCommand = gen.pname == "mach-nix" && lib.isString gen.drvPath;
        python = names gen.python == names machNix.pythonWith;
        docker = lib.isDerivation gen.docker.requests;
      };
    expected = {
      isCommand = true;
      python = true;
      docker = true;
    };
  };
  "the package" = {
    expr =
      let
        package = callPackage ../../package.nix { };
        files = lib.attrNames (builtins.readDir package.src);
      in
      {
        inherit (package) pname;
        inherit files;
        isOfCargo = package.version == (lib.importTOML ../../Cargo.toml).workspace.package.version;
        inherit (package.meta) mainProgram;
        lockFile = baseNameOf package.cargoLock.lockFile;
      };
    expected = {
      pname = "mach-nix";
      files = [
        "Cargo.lock"
        "Cargo.toml"
        "crates"
        "examples"
        "nixlib"
        "templates"
        "tests"
      ];
      isOfCargo = true;
      mainProgram = "mach-nix";
      lockFile = "Cargo.lock";
    };
  };
}
