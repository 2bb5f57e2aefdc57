{
  lib,
  pkgs,
  scope,
  ...
}:

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
  fixed = (scope { inherit lib pkgs fail; }).standardFixes { inherit python; };
  hasLibxslt = drv: lib.any (input: lib.hasPrefix "libxslt" input.name) drv.buildInputs or [ ];
  packages = fixed {
    lxml = locked "sdist";
    installer = locked "sdist";
  };
in
{
  "a package with a fix" = {
    expr = hasLibxslt packages.lxml;
    expected = true;
  };
  "a fix whose condition does not hold" = {
    expr = hasLibxslt (fixed { lxml = locked "wheel"; }).lxml;
    expected = false;
  };
  "a package without" = {
    expr = packages.installer.drvPath == python.pkgs.installer.drvPath;
    expected = true;
  };
}
