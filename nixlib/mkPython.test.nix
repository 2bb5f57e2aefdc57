{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  mkPython = changes: machNix.mkPython (arguments // changes);
  environment = mkPython { };
  locked = [
    "click"
    "flask"
    "importlib-metadata"
    "itsdangerous"
    "jinja2"
    "markupsafe"
    "werkzeug"
    "zipp"
  ];
in
{
  "selectPkgs" = {
    expr = map (drv: drv.pname) (environment.selectPkgs environment.python.pkgs);
    expected = locked;
  };
  "python" = {
    expr = environment.python.pkgs.flask.version;
    expected = "2.1.2";
  };
  "pythonOverrides" = {
    expr =
      let
        python = pkgs.python311.override {
          self = python;
          packageOverrides = environment.pythonOverrides;
        };
      in
      python.pkgs.flask == environment.python.pkgs.flask;
    expected = true;
  };
  "env" = {
    expr = map (drv: drv == environment) environment.env.nativeBuildInputs;
    expected = [ true ];
  };

  "the text of the requirements gives the same" = {
    expr = mkPython { requirements = builtins.readFile arguments.requirements; } == environment;
    expected = true;
  };
  "the python of the import gives the same" = {
    expr =
      (import ./. {
        inherit pkgs;
        python = pkgs.python311;
      }).mkPython
        (builtins.removeAttrs arguments [ "python" ]) == environment;
    expected = true;
  };
  "an interpreter keeps its own overrides" = {
    expr =
      let
        python = pkgs.python311.override {
          self = python;
          packageOverrides = _: _: { own = "kept"; };
        };
      in
      (mkPython { inherit python; }).python.pkgs.own;
    expected = "kept";
  };

  "ignoreCollisions and postBuild reach the environment" = {
    expr = map (changes: mkPython changes == environment) [
      { ignoreCollisions = false; }
      { postBuild = ""; }
      { ignoreCollisions = true; }
      { postBuild = "touch $out/done"; }
    ];
    expected = [
      true
      true
      false
      false
    ];
  };
  "override keeps the attributes" = {
    expr = lib.length (
      (environment.override { ignoreCollisions = true; }).selectPkgs environment.python.pkgs
    );
    expected = lib.length locked;
  };

  "an unknown argument" = {
    expr = mkPython { requirement = ""; };
    expectedError.msg = "mach-nix.mkPython: unknown argument `requirement`; the arguments are `ignoreCollisions`, `lock`, `postBuild`, `providers`, `python`, `requirements`";
  };
  "a wrong type" = {
    expr = mkPython { ignoreCollisions = "no"; };
    expectedError.msg = "mach-nix.mkPython: `ignoreCollisions` must be a boolean, but is a string";
  };
  "a stale lock" = {
    expr = mkPython { requirements = "flask"; };
    expectedError.msg = "mach-nix.mkPython: the lock file `/.*/flask/mach-nix.lock` does not match `requirements`";
  };
}
