{ lib, scope, ... }:

let
  rPackages =
    pkgs:
    (scope {
      inherit pkgs;
      fail = message: throw "mach-nix.rPackages: ${message}";
    }).rPackages;
in
{
  "those of the package set" = {
    expr = lib.attrNames (rPackages {
      rPackages.data_table = 1;
    });
    expected = [ "data_table" ];
  };
  "a package set without" = {
    expr = rPackages { };
    expectedError.msg = "mach-nix.rPackages: `pkgs` has no R packages; import mach-nix with a nixpkgs that has";
  };
}
