# The entry `condaPackages` of the Python packages: the conda packages of a lock for environments of Python.  It sets their
# variables, and has the programs of those that were required by name.
#
#     prefix       the folder of all conda packages
#     programs     programs, libraries and headers of those that are not Python projects, for the PATH of shells and images
#     linkScripts  a file of JSON that names the scripts that conda would run, which never run here
#     files        the names of their files
{
  lib,
  pkgs,
  condaPrefix,
  condaProgram,
  leanModule,
}:

{
  # The interpreter without the locked packages.
  python,
  # The entry, as ./entries.nix gives it.
  package,
  ...
}:
let
  prefix = condaPrefix {
    inherit python;
    inherit (package) packages ignoreCollisions;
  };

  projects = map (entry: entry.condaName) (
    lib.filter (entry: !(lib.hasPrefix "conda:" entry.name)) package.packages
  );

  support =
    what: changes:
    derivation (
      condaProgram {
        inherit python;
        inherit (pkgs.stdenv.hostPlatform) system;
        program = "support.py";
        arguments = [ what ];
      }
      // {
        inherit prefix;
        inherit (python) sitePackages;
        shell = pkgs.runtimeShell;
      }
      // changes
    );

  built = support "module" {
    name = "${python.libPrefix}-conda-packages";
    # Those of projects are with them.
    asked = lib.subtractLists projects package.asked;
    propagatedBuildInputs = [ python ];
  };
  programs = support "programs" {
    name = "conda-programs";
    inherit projects;
  };

  full = python.pkgs.toPythonModule (
    pkgs.symlinkJoin {
      inherit (built) name;
      paths = [ built ];
    }
  );
in
leanModule {
  inherit python package full;
  inherit built;
  dependencies = [ ];
  provider = "conda";
}
// {
  inherit prefix programs;
  linkScripts = "${prefix}/nix-support/conda.json";
  files = map (entry: entry.file) package.packages;
}
