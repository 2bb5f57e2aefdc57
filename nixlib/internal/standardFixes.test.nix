{ lib, pkgs, ... }:

let
  fail = message: throw "mach-nix lock: ${message}";
  python = pkgs.python311;
  locked =
    provider:
    python.pkgs.installer.overrideAttrs (old: {
      passthru = old.passthru // {
        inherit provider;
      };
    });
  fixed = import ./standardFixes.nix { inherit lib pkgs fail; } { inherit python; };
  packages = fixed {
    lxml = locked "sdist";
    installer = locked "sdist";
  };
in
{
  "a package with a fix" = {
    expr = lib.elem pkgs.libxslt packages.lxml.buildInputs;
    expected = true;
  };
  "a fix whose condition does not hold" = {
    expr = lib.elem pkgs.libxslt (fixed { lxml = locked "wheel"; }).lxml.buildInputs or [ ];
    expected = false;
  };
  "a package without" = {
    expr = packages.installer.drvPath == python.pkgs.installer.drvPath;
    expected = true;
  };
}
