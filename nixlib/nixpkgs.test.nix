{ pkgs, machNix, ... }:

{
  "is the package set of the import" = {
    expr = machNix.nixpkgs.python3 == pkgs.python3;
    expected = true;
  };
}
