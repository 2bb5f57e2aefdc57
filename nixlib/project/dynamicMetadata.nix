# The dynamic metadata of a project, read from a build during evaluation (import from derivation):
#
#     name, version    text
#     requirements     what it needs with the extras on this Python and system
{
  lib,
  fail,
  queryBackend,
  buildProject,
}:

{
  # The interpreter without the locked packages.
  python,
  # "buildPythonPackage" or "buildPythonApplication"
  function,
  src,
  # Its build environment, as for ../build/project.nix.
  buildPackages,
  buildTools,
  buildCrates,
  extras,
  # The arguments of the user for nixpkgs' function.
  arguments,
}:
let
  unknown = {
    name = "project";
    version = "0";
  };

  answer = lib.importJSON (queryBackend {
    inherit python;
    inherit (unknown) name version;
    versioned = false;
    built = buildProject {
      inherit
        python
        function
        src
        buildPackages
        buildTools
        buildCrates
        arguments
        ;
      inherit (unknown) name version;
      dependencies = [ ];
      tests = false;
    };
    options = [
      "--metadata"
    ]
    ++ lib.concatMap (extra: [
      "--extra"
      extra
    ]) ([ "" ] ++ extras);
  });
in
if answer.metadata == null then
  fail "the build backend of the project asks for ${
    lib.concatMapStringsSep ", " (name: "`${name}`") answer.requires
  }, which its files do not name; lock the project itself with `mach-nix lock`"
else
  {
    inherit (answer.metadata) name version requirements;
  }
