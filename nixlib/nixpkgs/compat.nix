# Differences between the supported nixpkgs (22.11 and newer), and small package sets from all of
# them.
{ lib, pkgs }:

let
  # `pyproject` exists since nixpkgs 23.11.
  hasPyproject = python: (lib.functionArgs python.pkgs.buildPythonPackage) ? pyproject;

  # Before that, wheels are installed by pip. It checks the requirements of a wheel, where the edge
  # of a dependency cycle may be cut, and would first uninstall the packages of the hooks (wheel,
  # setuptools) if others of the same name are to be installed.
  pipInstallFlags = [
    "--ignore-installed"
    "--no-deps"
  ];
in
{
  # A top-level attribute since 23.05.
  fetchPypi = pkgs.fetchPypi or pkgs.python3.pkgs.fetchPypi;

  # The libraries that PEP 599 lets wheels expect of the system, as far as this nixpkgs has them,
  # and those of later profiles (libatomic, libgomp).
  systemLibraries = [
    pkgs.stdenv.cc.cc.lib
    pkgs.zlib
  ]
  ++ pkgs.pythonManylinuxPackages.manylinux2014 or [ ];

  # Whether wheels are installed by `installer`, and not by pip.
  hasInstaller = hasPyproject;

  # nixpkgs' default one costs a quarter of the package, whose build needs it.
  installer = python: python.pkgs.bootstrap.installer or python.pkgs.installer;

  # The arguments that make `buildPythonPackage` expect a wheel.
  wheel =
    python:
    if hasPyproject python then
      { format = "wheel"; }
    else
      {
        format = "wheel";
        inherit pipInstallFlags;
      };

  # The arguments for a source with a PEP 517 build; only one of `format` and `pyproject` may be
  # set. Since 26.11 the name and version are compared with those of the wheel:
  # ../build/build_wheel.py does that as well, and supports sources that do not contain their
  # version.
  pyproject =
    python:
    if hasPyproject python then
      {
        pyproject = true;
        format = null;
        dontCheckPythonMetadata = true;
      }
    else
      {
        format = "pyproject";
        inherit pipInstallFlags;
      };

  # The inputs of a definition, which since 23.11 has them under the names of PEP 518 and 621 as
  # well.
  buildInputsOf = definition: definition.nativeBuildInputs or [ ] ++ definition.build-system or [ ];
  dependenciesOf =
    definition: definition.propagatedBuildInputs or [ ] ++ definition.dependencies or [ ];
  # All of these and their older names, for a definition whose inputs are specified in another way.
  withoutInputs = {
    build-system = [ ];
    dependencies = [ ];
    optional-dependencies = { };
    pythonPath = [ ];
  };

  # The parts of `meta` about the version in nixpkgs (problems: unsupported versions of Python,
  # since 26.11).
  metaOfVersion = [
    "broken"
    "changelog"
    "problems"
  ];

  # `overrideAttrs` with everything that nixpkgs derives from the attributes only once, when the
  # package is created: the modules that an environment includes with it, and `overridePythonAttrs`,
  # which would drop the change.
  overrideAttrs =
    python: change: drv:
    let
      changed =
        drv:
        drv.overrideAttrs (
          old:
          let
            new = change old;
            final = old // new;
          in
          new
          // {
            passthru =
              final.passthru or { }
              // lib.optionalAttrs (new ? propagatedBuildInputs) {
                requiredPythonModules = python.pkgs.requiredPythonModules new.propagatedBuildInputs;
              }
              // lib.optionalAttrs (drv ? overridePythonAttrs) {
                overridePythonAttrs = arguments: changed (drv.overridePythonAttrs arguments);
              };
          }
        );
    in
    changed drv;
}
