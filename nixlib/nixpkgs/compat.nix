# Where the supported nixpkgs (22.11 and newer) differ from each other, and small package sets from
# all of them.
{ lib, pkgs }:

let
  # `pyproject` came with nixpkgs 23.11.
  hasPyproject = python: (lib.functionArgs python.pkgs.buildPythonPackage) ? pyproject;

  # Before that, wheels are installed by pip.  It looks for what a wheel requires, where the edge of a
  # dependency cycle may be cut, and would first remove the packages that the hooks are made of (wheel,
  # setuptools) where others of the same name are to be installed.
  pipInstallFlags = [
    "--ignore-installed"
    "--no-deps"
  ];
in
{
  # At the top since 23.05.
  fetchPypi = pkgs.fetchPypi or pkgs.python3.pkgs.fetchPypi;

  # What PEP 599 lets wheels expect of the system, as far as this nixpkgs has it, and what later
  # profiles add (libatomic, libgomp).
  systemLibraries = [
    pkgs.stdenv.cc.cc.lib
    pkgs.zlib
  ]
  ++ pkgs.pythonManylinuxPackages.manylinux2014 or [ ];

  # Whether wheels are installed by `installer`, and not by pip.
  hasInstaller = hasPyproject;

  # The one that nixpkgs starts with costs a quarter of what the package does, whose build needs it.
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

  # The arguments that make it expect a source with a PEP 517 build; only one of `format` and
  # `pyproject` may be set.  Since 26.11 the name and version are compared with those of the wheel:
  # ../build/build_wheel.py has done that, and knows of sources that do not hold their version.
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

  # The inputs of a definition, which has them under the names of PEP 518 and 621 as well since 23.11.
  buildInputsOf = definition: definition.nativeBuildInputs or [ ] ++ definition.build-system or [ ];
  dependenciesOf =
    definition: definition.propagatedBuildInputs or [ ] ++ definition.dependencies or [ ];
  # All those and older names of them, for a definition whose inputs are told in another way.
  withoutInputs = {
    build-system = [ ];
    dependencies = [ ];
    optional-dependencies = { };
    pythonPath = [ ];
  };

  # What `meta` says about the version that nixpkgs has (problems: unsupported versions of Python, since
  # 26.11).
  metaOfVersion = [
    "broken"
    "changelog"
    "problems"
  ];

  # `overrideAttrs` with everything that nixpkgs derives from the attributes once, when the package
  # is made: the modules that an environment takes in with it, and `overridePythonAttrs`, which
  # would forget the change.
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
