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
  python = pkgs.python311.override {
    self = python;
    packageOverrides = machNix.mkPythonOverrides arguments;
  };
in
{
  "an interpreter with it" = {
    expr = lib.getVersion python.pkgs.flask;
    expected = "2.1.2";
  };
  "the interpreter it is for may have overrides of its own" = {
    expr =
      let
        own = pkgs.python311.override {
          self = own;
          packageOverrides = lib.composeExtensions (machNix.mkPythonOverrides arguments) (
            _: super: { click = super.click.overridePythonAttrs { version = "9"; }; }
          );
        };
      in
      map (drv: drv.version) (
        lib.filter (drv: drv.pname or null == "click") own.pkgs.flask.propagatedBuildInputs
      );
    expected = [ "9" ];
  };
  "selectPkgs, and a name from `_`" = {
    expr =
      let
        own = pkgs.python311.override {
          self = own;
          packageOverrides = machNix.mkPythonOverrides (arguments // { _.click.name = "foo"; });
        };
        selected = lib.head (own.pkgs.selectPkgs own.pkgs);
      in
      {
        inherit (selected) pname name;
      };
    expected = {
      pname = "click";
      name = "foo";
    };
  };
  "an unknown argument" = {
    expr = machNix.mkPythonOverrides (arguments // { postbuild = ""; });
    expectedError.msg = "mach-nix.mkPythonOverrides: unknown argument `postbuild`; did you mean `postBuild`\\?";
  };
}
