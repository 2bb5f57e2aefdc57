{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherit
    (scope {
      inherit lib pkgs;
      python = null;
      fail = message: throw "mach-nix.mkPython: ${message}";
    })
    lockedPackages
    ;
  arguments = {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
in
{
  "the packages of the lock" = {
    expr = (lockedPackages arguments).packages.flask.version;
    expected = "2.1.2";
  };
  "without overrides, both interpreters are that of nixpkgs" = {
    expr =
      let
        found = lockedPackages arguments;
      in
      [
        (found.plain == pkgs.python311)
        (found.base == pkgs.python311)
      ];
    expected = [
      true
      true
    ];
  };
  "what packages are built with has overridesPre" = {
    expr =
      let
        found = lockedPackages (arguments // { overridesPre = [ (_: _: { own = true; }) ]; });
      in
      [
        (found.plain.pkgs ? own)
        (found.base.pkgs ? own)
      ];
    expected = [
      false
      true
    ];
  };
  "the default providers go behind the others" = {
    expr =
      (lockedPackages (
        arguments
        // {
          _providerDefaults._default = "sdist";
          providers._default = "wheel";
        }
      )).packages.flask.provider;
    expected = "wheel";
  };
}
