# The query of `mach-nix lock` about a source: the derivations that the result needs, followed by
# that of the result; see ../build/metadata.nix.
{
  # The path of the package set.
  nixpkgs,
  # The path of a file of JSON:
  # - `package`: the entry of the source, whose paths are absolute
  # - `python`: the version, such as "3.12"
  # - `metadata`: whether to query the metadata
  argument,
}:
let
  pkgs = import ../nixpkgs/packageSet.nix { path = nixpkgs; };
  inherit (pkgs) lib;
  scope = import ../scope.nix {
    inherit lib pkgs;
    fail = message: throw "mach-nix lock: ${message}";
  };
  # Backends look for libraries before they return a result.
  buildEntry =
    { python, package, ... }@arguments:
    (scope.standardFixes { inherit python; } { ${package.name} = scope.buildEntry arguments; })
    .${package.name};

  request = builtins.fromJSON (builtins.readFile argument);

  # Locks have relative paths; there is no lock yet.
  rooted =
    package:
    package
    // lib.optionalAttrs (package ? path) {
      folder = "/";
      path = lib.removePrefix "/" package.path;
    }
    // lib.optionalAttrs (package ? build) {
      build = package.build // {
        packages = map rooted package.build.packages;
      };
    };

  answer = scope.metadata {
    inherit buildEntry;
    python = scope.nearestPython request.python;
    package = rooted request.package;
    inherit (request) metadata;
  };
in
lib.filter lib.isDerivation (
  [
    answer.buildEnvironment
    answer.crates
    answer.src
  ]
  ++ answer.nativeBuildInputs
  ++ answer.buildInputs
)
++ [ answer ]
