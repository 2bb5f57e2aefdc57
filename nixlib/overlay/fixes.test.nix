{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  python = pkgs.python311;
  set = python.pkgs // {
    locked = python.pkgs.installer.overrideAttrs (old: {
      version = "1.5";
      passthru = old.passthru // {
        provider = "wheel";
      };
    });
  };
  fixed = fixes: (scope { inherit lib pkgs fail; }).fixes { inherit python; } fixes set set;
  text = drv: drv.postInstall or null;
in
{
  "a fix without condition" = {
    expr = text (fixed { locked.it.postInstall = "fixed"; }).locked;
    expected = "fixed";
  };
  "several fixes, in the order of their names" = {
    expr =
      text
        (fixed {
          locked.b.postInstall.add = " b";
          locked.a.postInstall.add = "a";
        }).locked;
    expected = "a b";
  };
  "conditions" = {
    expr =
      map
        (
          _cond:
          text
            (fixed {
              locked.it = {
                inherit _cond;
                postInstall = "fixed";
              };
            }).locked
        )
        [
          ({ prov, ... }: prov == "wheel")
          ({ prov, ... }: prov == "sdist")
          ({ ver, ... }: lib.versionOlder ver "2")
          ({ ver, ... }: lib.versionOlder ver "1")
          ({ pyver, ... }: lib.hasPrefix "3.11." pyver)
        ];
    expected = [
      "fixed"
      null
      "fixed"
      null
      "fixed"
    ];
  };
  "what is not locked is of the provider nixpkgs" = {
    expr =
      text
        (fixed {
          packaging.it = {
            _cond = { prov, ... }: prov == "nixpkgs";
            postInstall = "fixed";
          };
        }).packaging;
    expected = "fixed";
  };
  "packages that are not there" = {
    expr = lib.attrNames (fixed {
      not-there.it.postInstall = "fixed";
    });
    expected = [ ];
  };
}
