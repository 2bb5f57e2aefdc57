# What mach-nix 3.5 showed in its examples and tested by evaluation, in expressions of our own: the
# same functions and arguments, with a lock.  docs/migration.md lists what is missing here.
{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  lockFile = import ./lockFile.nix { inherit lib; };
  digest = (import ../../nixlib/lock/digest.nix { inherit lib; }).digest;
  mixed = import ./mixedLock.nix { inherit lib pkgs; };

  python = "python311";
  ofFolder = name: {
    inherit python;
    requirements = builtins.readFile (./locks + "/${name}/requirements.txt");
    lock = ./locks + "/${name}/mach-nix.lock";
  };
  flask = ofFolder "flask";

  # A lock of wheels that nobody downloads.
  wheels = requirements: packages: {
    inherit python;
    requirements = lib.concatStringsSep "\n" requirements;
    lock = lockFile.file {
      request = lockFile.data.request // {
        inherit requirements;
        digest = digest requirements;
      };
      inherit packages;
    };
  };

  builds = drv: lib.isString drv.drvPath;
  evaluates = drv: {
    expr = builds drv;
    expected = true;
  };
in
{
  # Examples
  "mkPython and mkPythonShell" = {
    expr = map (f: builds (f flask)) [
      machNix.mkPython
      machNix.mkPythonShell
    ];
    expected = [
      true
      true
    ];
  };
  "an import with the version of Python" = evaluates (
    (import ../.. { inherit pkgs python; }).mkPython (builtins.removeAttrs flask [ "python" ])
  );
  "missing build inputs are added" = {
    expr =
      lib.elem pkgs.openssl
        (machNix.mkPython (
          flask
          // {
            _.markupsafe.buildInputs.add = [ pkgs.openssl ];
          }
        )).python.pkgs.markupsafe.buildInputs;
    expected = true;
  };
  "inputs are replaced and filtered" = {
    expr =
      let
        ps =
          (machNix.mkPython (
            flask
            // {
              _.click.buildInputs = [ pkgs.zlib ];
              _.markupsafe.nativeBuildInputs.mod =
                old: lib.filter (input: lib.getName input != "auto-patchelf-hook") old;
              _.markupsafe.patches = [ ./default.nix ];
              _.markupsafe.patches2.add = [ ];
            }
          )).python.pkgs;
      in
      {
        click = ps.click.buildInputs == [ pkgs.zlib ];
        markupsafe = lib.any (
          input: lib.getName input == "auto-patchelf-hook"
        ) ps.markupsafe.nativeBuildInputs;
        patches = lib.length ps.markupsafe.patches;
      };
    expected = {
      click = true;
      markupsafe = false;
      patches = 1;
    };
  };
  "a package from nixpkgs, forced by providers" = {
    expr =
      let
        inherit
          (mixed {
            nixpkgs.installer = [ ];
            wheels.build-tools = [ "packaging" ];
          })
          requirements
          lock
          ;
        environment = machNix.mkPython {
          inherit python requirements;
          providers.installer = "nixpkgs";
          lock = lock // {
            request = lock.request // {
              providers = {
                _default = "wheel";
                installer = "nixpkgs";
              };
            };
          };
        };
      in
      environment.python.pkgs.installer == pkgs.python311.pkgs.installer;
    expected = true;
  };
  "a kernel of jupyterWith takes the interpreter and its packages" = {
    expr =
      let
        environment = machNix.mkPython flask;
        kernel =
          {
            python3,
            packages,
          }:
          python3.withPackages packages;
      in
      builds (kernel {
        python3 = environment.python;
        packages = environment.python.pkgs.selectPkgs;
      });
    expected = true;
  };
  "a shell with more than Python" = evaluates (
    machNix.nixpkgs.mkShell {
      buildInputs = [ (machNix.mkPython flask) ];
      shellHook = "flask run";
    }
  );
  "an image with another command" = {
    expr =
      ((machNix.mkDockerImage flask).override (old: {
        name = "weather";
        config = old.config // {
          Cmd = [ "flask" ];
        };
      })).imageName;
    expected = "weather";
  };
  "a collision is removed from one package, or ignored" = {
    expr = map (changes: builds (machNix.mkPython (flask // changes))) [
      { _.click.postInstall = "rm -f $out/lib/python*/site-packages/colliding.py"; }
      { ignoreCollisions = true; }
    ];
    expected = [
      true
      true
    ];
  };

  "packages beside the requirements" = {
    expr =
      let
        environment = machNix.mkPython (
          flask
          // {
            packagesExtra = [
              ./projects/isolated
              (machNix.buildPythonPackage {
                inherit python;
                src = ./projects/greeter-unlocked;
              })
              machNix.nixpkgs.jq
            ];
          }
        );
      in
      lib.filter (name: environment.python.pkgs ? ${name}) [
        "flask"
        "isolated"
        "greeter-unlocked"
      ];
    expected = [
      "flask"
      "isolated"
      "greeter-unlocked"
    ];
  };
  "packages only" = evaluates (
    (import ../.. { inherit pkgs python; }).mkPython [ ./projects/greeter ]
  );
  "a project by its path alone" = evaluates (
    (import ../.. { inherit pkgs python; }).buildPythonPackage ./projects/greeter
  );

  # Tests
  "a package that nixpkgs has under two names" = evaluates (machNix.mkPython (ofFolder "science"));
  "a dot in the name" = {
    expr =
      (machNix.mkPython (
        wheels [ "pdfminer-six==20200726" ] [ (lockFile.package "pdfminer-six" "20200726") ]
        // {
          requirements = "pdfminer.six == 20200726";
          _."pdfminer.six".name = "own";
        }
      )).python.pkgs.pdfminer-six.name;
    expected = "own";
  };
  "packages that are not of Python" = evaluates (
    machNix.mkPython (flask // { packagesExtra = [ machNix.nixpkgs.jq ]; })
  );
  "extras" = evaluates (
    machNix.mkPython (
      wheels
        [ "dask[complete]==2.22.0" ]
        [
          (lockFile.package "cloudpickle" "1.5.0")
          (
            lockFile.package "dask" "2.22.0"
            // {
              dependencies = [ "cloudpickle" ];
              extras = [ "complete" ];
            }
          )
        ]
    )
  );
  "a wheel for one interpreter" = {
    expr = (machNix.mkPython (ofFolder "linked")).python.pkgs.numba.src.name;
    expected = "numba-0.68.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl";
  };
  "overrides and selectPkgs in an interpreter of one's own" = {
    expr =
      let
        own = pkgs.python311.override {
          packageOverrides = machNix.mkPythonOverrides (flask // { _.click.name = "foo"; });
        };
        first = lib.head (own.pkgs.selectPkgs own.pkgs);
      in
      [
        first.pname
        first.name
      ];
    expected = [
      "click"
      "foo"
    ];
  };
}
