# A locked wheel as a derivation.
{
  pkgs,
  source,
  compat,
  leanWheel,
  pythonModules,
}:

let
  inherit (pkgs.stdenv.hostPlatform) isLinux system;
  isNative = pkgs.stdenv.buildPlatform.system == pkgs.stdenv.hostPlatform.system;

  # https://packaging.python.org/en/latest/specifications/binary-distribution-format/: the platform
  # tag is the last part of the name.
  isBinary = file: builtins.match ".*-any\\.whl" file == null;

  # Not as a path, for the reason given in ./wheelPhase.nix.
  runpaths = builtins.toFile "runpaths.sh" (builtins.readFile ./runpaths.sh);

  # Not as a path, for the reason given in ./wheelPhase.nix.
  check = builtins.toFile "install_wheel.py" (builtins.readFile ./install_wheel.py);

  # The common attributes of all wheels.
  common = {
    # The files are final. Stripping breaks some (the OpenBLAS of numpy), and shrinking the search
    # path loses libraries that are loaded by name.
    dontStrip = true;
    dontPatchELF = true;

    passthru.provider = "wheel";

    # The lock has chosen the file for this system.
    meta.platforms = [ system ];

    # The resolver ensures both: a single version per name, and all requirements met. The checks
    # would fail at the cut edge of a dependency cycle, and the first one walks every path of the
    # dependency graph.
    catchConflicts = false;
    dontCheckRuntimeDeps = true;
  };

  linuxBinary = common // {
    nativeBuildInputs = [ pkgs.autoPatchelfHook ];
    buildInputs = compat.systemLibraries;

    # pip installs a wheel regardless of its libraries' needs: drivers (libcuda.so.1), optional
    # plugins (numba and libtbb), parts of a dependency cycle. A failing build would reject working
    # packages; missing libraries are listed in the log.
    autoPatchelfIgnoreMissingDeps = [ "*" ];
  };
  # Wheels link to libraries of their dependencies (torch to those of nvidia-*). pip installs all
  # into one folder; here each has its own.
  findLibraries = python: ''
    for dependency in ''${propagatedBuildInputs[@]}; do
      if [ -d "$dependency/${python.sitePackages}" ]; then
        addAutoPatchelfSearchPath "$dependency/${python.sitePackages}"
      fi
    done
    source ${runpaths}
    rememberRunpaths
    postFixupHooks+=(restoreRunpaths)
  '';
in
{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock.
  package,
  # The derivations of its dependencies.
  dependencies,
  # Whether it runs tests: a wheel has none, but `_.<package>.installCheckPhase` can add some.
  tests ? false,
}:
let
  sources = source package;
  isPure = !(isBinary package.file);

  full =
    python.pkgs.buildPythonPackage (
      compat.wheel python
      // (if isLinux && !isPure then linuxBinary // { preFixup = findLibraries python; } else common)
      // sources
      // {
        pname = package.name;
        inherit (package) version;
        propagatedBuildInputs = dependencies;
        doCheck = tests;

        # Neither pip nor `installer` refuses all files that would be written elsewhere.
        # It has a phase of its own, because hooks of phases are for overrides.
        preInstallPhases = [ "checkWheelPhase" ];
        checkWheelPhase = "${python.interpreter} -B ${check} --check";
      }
    )
    // {
      # As in nixpkgs, but computed from the list rather than from the derivation before it was made
      # a module, which would be evaluated as well.
      requiredPythonModules = pythonModules python dependencies;
    };
in
if !tests && isLinux && isNative && compat.hasInstaller python then
  leanWheel {
    inherit
      python
      package
      dependencies
      full
      ;
    inherit (sources) src;
    isBinary = !isPure;
  }
else
  full
