# Entries of a lock as derivations, with the setuptools of a lock fixture as their build environment.
{ pkgs }:

let
  inherit (pkgs) lib;
  buildEntry = import ../../nixlib/build/entry.nix {
    inherit lib pkgs;
    fail = message: throw "mach-nix.mkPython: ${message}";
  };
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
in
{
  inherit python buildFrom;

  # A project of ./projects.
  build =
    name:
    buildFrom {
      inherit name;
      version = "1.0";
      path = "projects/${name}";
      folder = ./.;
    };
}
