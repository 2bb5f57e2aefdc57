{
  description = "Python requirements to reproducible Nix environments";

  # There is no flake.lock in this repository: the library takes whatever nixpkgs it is given, so
  # that the lock of the user's own flake decides.  With `inputs.mach-nix.inputs.nixpkgs.follows =
  # "nixpkgs"` nothing else is fetched.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forSystems = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      mkLib = pkgs: import ./. { inherit pkgs; };
      mach-nix = pkgs: pkgs.callPackage ./package.nix { };

      # `nix shell mach-nix#gen.python.flask.requests`.  Outputs are derivations: this one is the command,
      # whose `mach-nix gen` does the same.
      gen =
        pkgs:
        mach-nix pkgs
        // {
          python = (mkLib pkgs).pythonWith;
          docker = (mkLib pkgs).dockerImageWith;
        };

      # `mach-nix.lib.mkPython { pkgs = …; requirements = …; … }`
      withPkgs =
        name: arguments:
        (mkLib (
          arguments.pkgs
            or (throw "mach-nix.lib.${name}: the argument `pkgs` is missing; write `pkgs = nixpkgs.legacyPackages.\${system};`, or call `mach-nix.lib.\${system}.${name}`")
        )).${name}
          (builtins.removeAttrs arguments [ "pkgs" ]);
    in
    {
      # `mach-nix.lib.x86_64-linux.mkPython { … }`, or with a package set of one's own
      # `(mach-nix.lib.mkLib pkgs).mkPython { … }`.
      lib =
        forSystems mkLib
        // {
          inherit mkLib;
        }
        // lib.genAttrs [
          "mkDockerImage"
          "mkNixpkgs"
          "mkOverlay"
          "mkPython"
          "mkPythonOverrides"
          "mkPythonShell"
        ] withPkgs;

      packages = forSystems (pkgs: {
        default = mach-nix pkgs;
        mach-nix = mach-nix pkgs;
        gen = gen pkgs;
      });

      apps = lib.mapAttrs (
        _: packages:
        let
          mach-nix = {
            type = "app";
            program = "${packages.mach-nix}/bin/mach-nix";
          };
        in
        {
          default = mach-nix;
          inherit mach-nix;
        }
      ) self.packages;

      # The command and the functions, as `pkgs.mach-nix` and `pkgs.mach-nix.lib`.
      overlays.default = final: _: {
        mach-nix = mach-nix final // {
          lib = mkLib final;
        };
      };

      templates.default = {
        path = ./examples/flask-weather;
        description = "A web application whose Python packages are locked by mach-nix";
      };

      devShells = forSystems (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ (mach-nix pkgs) ];
          packages = [
            pkgs.clippy
            pkgs.jq
            pkgs.python3
            pkgs.rustfmt
            pkgs.shellcheck
          ];
        };
      });

      # Since 25.11 `nixfmt` is what was `nixfmt-rfc-style`, which is an alias that will go.
      formatter = forSystems (
        pkgs:
        if lib.versionAtLeast lib.trivial.release "25.11" then
          pkgs.nixfmt
        else
          pkgs.nixfmt-rfc-style or pkgs.nixfmt
      );

      # For flake-parts: the functions over the package set of the system, as `mach-nix` among the
      # arguments of `perSystem`.
      flakeModules.default = {
        perSystem =
          { pkgs, ... }:
          {
            _module.args.mach-nix = mkLib pkgs;
          };
      };

      # The lock files of the tests are made for one system.
      checks = lib.mapAttrs (
        system: packages:
        {
          inherit (packages) mach-nix;
        }
        // lib.optionalAttrs (system == "x86_64-linux") (
          lib.mapAttrs' (name: lib.nameValuePair "environment-${name}") (
            import ./tests/nix/builds.nix { pkgs = nixpkgs.legacyPackages.${system}; }
          )
        )
      ) self.packages;
    };
}
