# Entries of a lock as derivations, with the setuptools of a lock fixture as their build environment.
{ pkgs }:

let
  inherit (pkgs) lib;
  inherit
    (import ../../nixlib/scope.nix {
      inherit lib pkgs;
      fail = message: throw "mach-nix.mkPython: ${message}";
    })
    buildEntry
    ;
  python = pkgs.python311;
  lock = name: (builtins.fromJSON (builtins.readFile (./locks + "/${name}/mach-nix.lock"))).packages;
  named = name: lib.findFirst (package: package.name == name) null;

  setuptools = named "setuptools" (named "docopt" (lock "sources-plain")).build.packages;
  click = buildEntry {
    inherit python;
    package = named "click" (lock "contact");
    dependencyNames.click = [ ];
    locked = { };
  };

  # `files` are added to those of the project.
  buildFrom =
    entry: files:
    (buildEntry {
      inherit python;
      package = {
        provider = "sdist";
        build.packages = [ setuptools ];
      }
      // entry;
      dependencyNames.${entry.name} = [ "click" ];
      locked = { inherit click; };
    }).overridePythonAttrs
      {
        postPatch = lib.concatStrings (
          lib.mapAttrsToList (file: text: "echo ${lib.escapeShellArg text} > ${file}\n") (
            { SETUPTOOLS = setuptools.version; } // files
          )
        );
      };

  project = name: {
    inherit name;
    version = "1.0";
    path = "projects/${name}";
    folder = ./.;
  };

  # A definition of projects/greeter as nixpkgs might have it, for an older version: one patch still
  # fits, one does not, and neither does a replacement.
  withDefinition =
    let
      self = python.override {
        inherit self;
        packageOverrides = pySelf: _: {
          greeter-app = pySelf.buildPythonPackage {
            pname = "greeter-app";
            version = "0.9";
            format = "setuptools";
            src = throw "the source of nixpkgs is not used";
            patches = [
              ./projects/greeter-fits.patch
              ./projects/greeter-does-not-fit.patch
            ];
            postPatch = ''
              substituteInPlace missing.py --replace a b
            '';
            buildInputs = [ pkgs.zlib ];
            preBuild = ''
              case " $buildInputs " in *${pkgs.zlib.name}*) ;; *) exit 1 ;; esac
            '';
          };
        };
      };
    in
    self;
in
{
  inherit python buildFrom;

  # projects/greeter over that definition.
  defined = withDefinition.withPackages (_: [
    (buildEntry {
      python = withDefinition;
      package = {
        name = "greeter-app";
        version = "1.0";
        provider = "sdist";
        path = "projects/greeter";
        folder = ./.;
        build.packages = [ setuptools ];
      };
      dependencyNames.greeter-app = [ "click" ];
      locked = { inherit click; };
    })
  ]);

  # A project of ./projects.
  build = name: buildFrom (project name);

  # With the build environment of a package in a lock fixture.
  buildAs =
    folder: package: name:
    buildFrom (project name // { inherit (named package (lock folder)) build; }) { };
}
