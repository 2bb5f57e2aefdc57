# `buildPythonPackage` and `buildPythonApplication`: a project with all that is locked for it.
context: function: argument:
let
  project = import ./localProject.nix context function argument;
  inherit (project.environment.python) pkgs;
in
project.build (pkgs.selectPkgs pkgs)
