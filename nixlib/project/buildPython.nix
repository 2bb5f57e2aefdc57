# `buildPythonPackage` and `buildPythonApplication`: a project with all that is locked for it.
{ localProject, resolved }:

function: argument:
let
  project = localProject function argument;
  inherit ((resolved project.environment).python) pkgs;
in
project.build (pkgs.selectPkgs pkgs)
