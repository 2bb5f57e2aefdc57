{ pkgs, ... }:

let
  inherit
    (import ./. {
      inherit pkgs;
      python = "python311";
    })
    buildPythonApplication
    ;
  project = name: ../tests/nix/projects + "/${name}";
in
{
  "a name without the interpreter" = {
    expr = (buildPythonApplication (project "greeter-cfg")).name;
    expected = "greeter-cfg-1.0";
  };
  "the only console script is the main program" = {
    expr = (buildPythonApplication (project "greeter-cfg")).meta.mainProgram;
    expected = "greet-cfg";
  };
  "console scripts of a setup.py are not known before it runs" = {
    expr = (buildPythonApplication (project "greeter-py")).meta ? mainProgram;
    expected = false;
  };
  "the name of the function in errors" = {
    expr = buildPythonApplication { };
    expectedError.msg = "mach-nix.buildPythonApplication: the argument `src` is missing";
  };
}
