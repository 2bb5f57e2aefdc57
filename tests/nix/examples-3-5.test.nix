# The examples of mach-nix 3.5 about packages that few package sets have (JupyterLab and TensorFlow of nixpkgs, PyTorch,
# overrides of poetry2nix, R), in expressions of our own: the packages of nixpkgs stand in for those, as far as providers,
# versions, dependencies and overrides go.  release-3-5.test.nix has the other examples.
{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ./lockFile.nix { inherit lib; };
  digest = (scope { }).digest.digest;
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };

  # A stand-in for nixpkgs: a package that needs others of the set.
  definition =
    name: version: inputs:
    pkgs.python311.pkgs.buildPythonPackage {
      pname = name;
      inherit version;
      format = "other";
      src = ./locks;
      propagatedBuildInputs = inputs;
    };
  ofNixpkgs = self: _: {
    jupyterlab = definition "jupyterlab" "4.0.12" [
      self.packaging
      self.installer
    ];
    tensorflow = definition "tensorflow" "2.13.0" [ self.packaging ];
  };
  fromNixpkgs = name: version: dependencies: {
    inherit name version dependencies;
    provider = "nixpkgs";
    attribute = name;
  };
  fromSource =
    name: version:
    lockFile.package name version
    // {
      provider = "sdist";
      file = "${name}-${version}.tar.gz";
      url = "https://example.org/${name}-${version}.tar.gz";
      build = {
        requires = [ "setuptools" ];
        packages = [ (lockFile.package "setuptools" "70.0.0") ];
      };
    };

  environment =
    {
      requirements,
      providers ? {
        _default = "wheel";
      },
      packages,
      ...
    }@arguments:
    let
      lines = lib.splitString "\n" requirements;
    in
    machNix.mkPython (
      builtins.removeAttrs arguments [ "packages" ]
      // {
        lock = lockFile.file {
          request = lockFile.data.request // {
            requirements = lines;
            digest = digest lines;
            inherit providers;
          };
          inherit packages;
        };
      }
    );
  versions =
    environment:
    map (drv: "${drv.pname} ${drv.version}") (environment.selectPkgs environment.python.pkgs);
  inputs = drv: map (input: input.pname or "") drv.propagatedBuildInputs;
in
{
  # Its own derivation and the inputs of it; what is locked takes the place of what nixpkgs has.
  "JupyterLab of nixpkgs" = {
    expr =
      let
        found = environment {
          requirements = "jupyterlab";
          providers = {
            _default = "wheel";
            jupyterlab = "nixpkgs";
          };
          overridesPre = [ ofNixpkgs ];
          packages = [
            (fromNixpkgs "jupyterlab" "4.0.12" [ "packaging" ])
            (lockFile.package "packaging" "99.0")
          ];
        };
        inherit (found.python.pkgs) jupyterlab packaging;
      in
      {
        versions = versions found;
        locked = lib.elem packaging jupyterlab.propagatedBuildInputs;
        kept = lib.elem pkgs.python311.pkgs.installer jupyterlab.propagatedBuildInputs;
        builds = lib.isString found.drvPath;
      };
    expected = {
      versions = [
        "jupyterlab 4.0.12"
        "packaging 99.0"
      ];
      locked = true;
      kept = true;
      builds = true;
    };
  };
  "TensorFlow of nixpkgs" = {
    expr = versions (environment {
      requirements = "tensorflow";
      providers = {
        _default = "wheel";
        tensorflow = "nixpkgs";
      };
      overridesPre = [ ofNixpkgs ];
      packages = [ (fromNixpkgs "tensorflow" "2.13.0" [ ]) ];
    });
    expected = [ "tensorflow 2.13.0" ];
  };
  "another version than that of nixpkgs" = {
    expr = versions (environment {
      requirements = "tensorflow";
      overridesPre = [ ofNixpkgs ];
      packages = [ (fromNixpkgs "tensorflow" "2.12.0" [ ]) ];
    });
    expectedError.msg = "`tensorflow` is locked from nixpkgs \\(`python311.pkgs.tensorflow`\\) with version 2.12.0, but this nixpkgs has version 2.13.0; renew the lock with `mach-nix lock tensorflow .*--upgrade=tensorflow`";
  };
  "TensorFlow as a wheel of a release candidate" = {
    expr = versions (environment {
      requirements = "tensorflow==2.2.0rc4";
      packages = [ (lockFile.package "tensorflow" "2.2.0rc4") ];
    });
    expected = [ "tensorflow 2.2.0rc4" ];
  };
  # Wheels for one package only.
  "PyTorch over packages of nixpkgs and sources" = {
    expr =
      let
        found = environment {
          requirements = "torch==1.5.0";
          providers = {
            _default = "nixpkgs,sdist";
            torch = "wheel";
          };
          packages = [
            (fromSource "future" "0.18.2")
            (fromNixpkgs "installer" pkgs.python311.pkgs.installer.version [ ])
            (
              lockFile.package "torch" "1.5.0"
              // {
                dependencies = [
                  "future"
                  "installer"
                ];
              }
            )
          ];
        };
        ps = found.python.pkgs;
      in
      {
        inputs = lib.filter (
          name:
          lib.elem name [
            "future"
            "installer"
          ]
        ) (inputs ps.torch);
        same = ps.installer == pkgs.python311.pkgs.installer;
        provider = map (drv: drv.provider) [
          ps.torch
          ps.future
        ];
        builds = lib.isString found.drvPath;
      };
    expected = {
      inputs = [
        "future"
        "installer"
      ];
      same = true;
      provider = [
        "wheel"
        "sdist"
      ];
      builds = true;
    };
  };
  # A file of overrides that gets the package set, as that of poetry2nix does.
  "a source with the overrides of poetry2nix" = {
    expr =
      let
        overrides =
          { pkgs }:
          _: super: {
            imagecodecs = super.imagecodecs.overridePythonAttrs (old: {
              nativeBuildInputs = (old.nativeBuildInputs or [ ]) ++ [ pkgs.patchelf ];
              buildInputs = (old.buildInputs or [ ]) ++ [ pkgs.zlib ];
              postPatch = "touch patched";
            });
          };
        found = environment {
          requirements = "imagecodecs";
          providers._default = "sdist";
          packages = [ (fromSource "imagecodecs" "2020.12.24") ];
          overridesPost = [ (overrides { pkgs = machNix.nixpkgs; }) ];
        };
        inherit (found.python.pkgs) imagecodecs;
      in
      {
        libraries = lib.elem pkgs.zlib imagecodecs.buildInputs;
        programs = lib.elem pkgs.patchelf imagecodecs.nativeBuildInputs;
        inherit (imagecodecs) postPatch;
        builds = lib.isString found.drvPath;
      };
    expected = {
      libraries = true;
      programs = true;
      postPatch = "touch patched";
      builds = true;
    };
  };
  # Packages of R become inputs of rpy2.
  "R and Python" = {
    expr =
      let
        # Few package sets have R; this is what tells one of its packages from others.
        rPackage = pkgs.zlib // {
          rCommand = "R";
        };
        found = environment {
          requirements = "rpy2";
          providers._default = "sdist";
          packages = [ (fromSource "rpy2" "3.5.16") ];
          packagesExtra = [ rPackage ];
        };
      in
      lib.elem rPackage found.python.pkgs.rpy2.buildInputs && lib.isString found.drvPath;
    expected = true;
  };
  # An image of a system, or whatever else takes packages, takes the environment as one.
  "an environment among the packages of a system" = {
    expr =
      lib.isString
        (pkgs.buildEnv {
          name = "system-path";
          paths = [
            (environment {
              requirements = "cryptography";
              packages = [ (lockFile.package "cryptography" "42.0.8") ];
            })
          ];
        }).drvPath;
    expected = true;
  };
}
