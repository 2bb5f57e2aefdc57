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

  "overlay" = {
    expr = (pkgs.extend environment.overlay).python311.pkgs.flask == environment.python.pkgs.flask;
    expected = true;
  };
  "nixpkgs" = {
    expr = environment.nixpkgs.python3Packages.flask == environment.python.pkgs.flask;
    expected = pkgs.python3.pythonVersion == "3.11";
  };
  "dockerImage" = {
    expr = environment.dockerImage == machNix.mkDockerImage arguments;
    expected = true;
  };
  "expr" = {
    expr = lib.attrNames (builtins.fromJSON environment.expr);
    expected = locked;
  };
  "interpreter" = {
    expr = environment.interpreter;
    expected = "${environment}/bin/python3.11";
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
    expr =
      let
        changed = environment.override { ignoreCollisions = true; };
      in
      {
        selected = lib.length (changed.selectPkgs changed.python.pkgs);
        env = changed.env.nativeBuildInputs == [ changed ];
        inherit (changed) interpreter;
      };
    expected = {
      selected = lib.length locked;
      env = true;
      interpreter = "${environment.override { ignoreCollisions = true; }}/bin/python3.11";
    };
  };
  "overridesPre is below the locked packages, overridesPost above" = {
    expr =
      let
        own = version: _: super: {
          click = super.click or { } // {
            inherit version;
          };
          own = super.own or [ ] ++ [ version ];
        };
        ps =
          (mkPython {
            overridesPre = [ (own "pre") ];
            overridesPost = [ (own "post") ];
          }).python.pkgs;
        pre = (mkPython { overridesPre = [ (own "pre") ]; }).python.pkgs;
      in
      [
        pre.click.version
        ps.click.version
        ps.own
      ];
    expected = [
      "8.1.3"
      "post"
      [
        "pre"
        "post"
      ]
    ];
  };
  "overlays of poetry2nix are usable above" = {
    expr =
      let
        overlay = self: super: {
          click = super.click.overridePythonAttrs (old: {
            buildInputs = old.buildInputs or [ ] ++ [ pkgs.zlib ];
            nativeBuildInputs = (old.nativeBuildInputs or [ ]) ++ [ self.setuptools ];
          });
          jinja2 = super.jinja2.overrideAttrs (old: {
            patches = old.patches or [ ] ++ [ ./mkPython.nix ];
          });
          not-locked = super.not-locked.overridePythonAttrs { doCheck = false; };
        };
        ps = (mkPython { overridesPost = [ overlay ]; }).python.pkgs;
      in
      {
        click = map lib.getName ps.click.buildInputs;
        flask = lib.any (drv: drv == ps.click) ps.flask.propagatedBuildInputs;
        jinja2 = lib.length ps.jinja2.patches;
      };
    expected = {
      click = [ (lib.getName pkgs.zlib) ];
      flask = true;
      jinja2 = 1;
    };
  };
  "_providerDefaults goes behind providers" = {
    expr = map (changes: lib.isString (mkPython changes).drvPath) [
      { _providerDefaults = { }; }
      { _providerDefaults._default = "wheel"; }
      {
        _providerDefaults._default = "sdist";
        providers._default = "wheel";
      }
    ];
    expected = [
      true
      true
      true
    ];
  };

  "an unknown argument" = {
    expr = mkPython { requirement = ""; };
    expectedError.msg = "mach-nix.mkPython: unknown argument `requirement`; did you mean `requirements`\\?";
  };
  "a wrong type" = {
    expr = mkPython { tests = "no"; };
    expectedError.msg = "mach-nix.mkPython: `tests` must be a boolean, but is a string";
  };
  "collisions that are no paths" = {
    expr = (mkPython { ignoreCollisions = [ ./. ]; }).drvPath;
    expectedError.msg = "mach-nix.mkPython: `ignoreCollisions` must be a boolean or a list of paths such as `\\[ \"docs\" \\]`, but is a list";
  };
  "other provider defaults" = {
    expr = mkPython { _providerDefaults._default = "sdist"; };
    expectedError.msg = "mach-nix.mkPython: the lock file `/.*/flask/mach-nix.lock` does not match `providers`";
  };
  "a stale lock" = {
    expr = mkPython { requirements = "flask"; };
    expectedError.msg = "mach-nix.mkPython: the lock file `/.*/flask/mach-nix.lock` does not match `requirements`";
  };
}
