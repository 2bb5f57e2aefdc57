# `buildPythonPackage` and `buildPythonApplication`: a project with its locked packages.
{ localProject, resolved }:

function: argument:
let
  project = localProject function argument;
  inherit ((resolved project.environment).python) pkgs;
in
project.build (pkgs.selectPkgs pkgs)
