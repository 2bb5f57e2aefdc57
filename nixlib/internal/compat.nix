# Where the supported nixpkgs (22.11 and newer) differ from each other, and small package sets from
# all of them.
{ lib, pkgs }:

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

  # The arguments that make `buildPythonPackage` expect a source with a PEP 517 build.  `pyproject`
  # came with nixpkgs 23.11, and only one of both may be set.  Since 26.11 the name and version are
  # compared with those of the wheel: ../build/build_wheel.py has done that, and knows of sources that
  # do not hold their version.
  pyproject =
    python:
    if (lib.functionArgs python.pkgs.buildPythonPackage) ? pyproject then
      {
        pyproject = true;
        format = null;
        dontCheckPythonMetadata = true;
      }
    else
      { format = "pyproject"; };

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
