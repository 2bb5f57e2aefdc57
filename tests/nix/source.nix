# A project of ./projects as a derivation, as if its folder were locked with the setuptools of a lock
# fixture as its build environment.
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
    dependencies = [ ];
  };
in
{
  inherit python;
  # `files` are added to those of the project.
  build =
    name: files:
    (buildEntry {
      inherit python;
      package = {
        inherit name;
        version = "1.0";
        provider = "sdist";
        path = "projects/${name}";
        folder = ./.;
        build.packages = [ setuptools ];
      };
      dependencies = [ click ];
    }).overridePythonAttrs
      {
        postPatch = lib.concatStrings (
          lib.mapAttrsToList (file: text: "echo ${lib.escapeShellArg text} > ${file}\n") (
            { SETUPTOOLS = setuptools.version; } // files
          )
        );
      };
}
