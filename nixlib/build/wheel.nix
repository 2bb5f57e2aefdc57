# One locked wheel as a derivation.
{
  lib,
  pkgs,
  fail,
}:

let
  inherit (pkgs.stdenv.hostPlatform) isLinux;
  source = import ./source.nix { inherit lib pkgs fail; };

  # https://packaging.python.org/en/latest/specifications/binary-distribution-format/: the platform
  # tag is the last part of the name.
  isBinary = file: !(lib.hasSuffix "-any.whl" file);

  compat = import ../internal/compat.nix { inherit lib pkgs; };

  # Not as a path, for the reason given in ./wheelPhase.nix.
  runpaths = builtins.toFile "runpaths.sh" (builtins.readFile ./runpaths.sh);

  linuxBinary = python: {
    nativeBuildInputs = [ pkgs.autoPatchelfHook ];
    buildInputs = compat.systemLibraries;

    # Wheels link to libraries of the wheels that they depend on (torch to those of nvidia-*).
    # Where pip puts them, all share one folder; here each has its own.
    preFixup = ''
      for dependency in ''${propagatedBuildInputs[@]}; do
        if [ -d "$dependency/${python.sitePackages}" ]; then
          addAutoPatchelfSearchPath "$dependency/${python.sitePackages}"
        fi
      done
      source ${runpaths}
      rememberRunpaths
      postFixupHooks+=(restoreRunpaths)
    '';

    # pip installs a wheel whatever its libraries need: drivers (libcuda.so.1), optional plugins
    # (numba and libtbb), parts of a dependency cycle.  A build that fails would refuse working
    # packages; what is missing is listed in the log.
    autoPatchelfIgnoreMissingDeps = [ "*" ];
  };
in
{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock.
  package,
  # The derivations of its dependencies.
  dependencies,
  # Whether it runs tests: a wheel has none of its own, but `_.<package>.installCheckPhase` can
  # give it some.
  tests ? false,
}:
python.pkgs.buildPythonPackage (
  compat.wheel python
  // {
    pname = package.name;
    inherit (package) version;

    inherit (source package) src;

    propagatedBuildInputs = dependencies;

    # The files are finished.  Stripping breaks some (the OpenBLAS of numpy), and shrinking the
    # search path loses libraries that are loaded by name.
    dontStrip = true;
    dontPatchELF = true;

    doCheck = tests;

    passthru = { inherit (package) provider; };

    # The resolver has seen to both: one version per name, and every requirement met.  The checks
    # would fail where an edge of a dependency cycle is cut, and the first one walks every path of the
    # dependency graph.
    catchConflicts = false;
    dontCheckRuntimeDeps = true;
  }
  // lib.optionalAttrs (isLinux && isBinary package.file) (linuxBinary python)
)
