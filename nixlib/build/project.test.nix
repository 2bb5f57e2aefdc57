{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.buildPythonPackage: ${message}";
  project = (scope { inherit lib pkgs fail; }).buildProject;
  python = pkgs.python311;
  build =
    changes:
    project (
      {
        inherit python;
        function = "buildPythonPackage";
        name = "x";
        version = "1.0";
        src = ../../tests/nix/projects/greeter;
        buildPackages = [ ];
        buildTools = [ python.pkgs.setuptools ];
        dependencies = [ ];
        tests = false;
        arguments = { };
      }
      // changes
    );
in
{
  "Python packages of nativeBuildInputs change the build environment" = {
    expr =
      map (inputs: (build { arguments.nativeBuildInputs = inputs; }).buildPhase == (build { }).buildPhase)
        [
          [ ]
          [ pkgs.zlib ]
          [ python.pkgs.packaging ]
        ];
    expected = [
      true
      true
      false
    ];
  };
  "formats that build a wheel are all the same" = {
    expr = map (format: (build { arguments.format = format; }) == build { }) [
      "setuptools"
      "pyproject"
      "flit"
    ];
    expected = [
      true
      true
      true
    ];
  };
  "crates bring cargo" = {
    expr =
      map
        (
          changes:
          lib.elem pkgs.cargo.name (
            map (input: input.name) (build ({ buildCrates = [ ]; } // changes)).nativeBuildInputs
          )
        )
        [
          { }
          { buildCrates = null; }
          { arguments.format = "wheel"; }
          { arguments.nativeBuildInputs = [ pkgs.patchelf ]; }
        ];
    expected = [
      true
      false
      false
      true
    ];
  };
  "a build phase of one's own" = {
    expr = (build { arguments.buildPhase = "true"; }).buildPhase;
    expected = "true";
  };
}
