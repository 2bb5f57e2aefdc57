# What differs between the releases of nixpkgs that are supported.
{ lib, ... }:

{
  # The arguments that make `buildPythonPackage` expect a source with a PEP 517 build.  `pyproject`
  # came with nixpkgs 23.11, and only one of both may be set.
  pyproject =
    python:
    if (lib.functionArgs python.pkgs.buildPythonPackage) ? pyproject then
      {
        pyproject = true;
        format = null;
      }
    else
      { format = "pyproject"; };
}
