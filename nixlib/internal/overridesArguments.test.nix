{ machNix, ... }:

{
  "every argument is taken" = {
    expr = builtins.functionArgs (
      machNix.mkPythonOverrides {
        requirements = ../../tests/nix/locks/flask/requirements.txt;
        lock = ../../tests/nix/locks/flask/mach-nix.lock;
        python = "python311";
        providers._default = "wheel";
      }
    );
    expected = { };
  };
}
