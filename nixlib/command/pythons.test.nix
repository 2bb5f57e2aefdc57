{ pkgs, ... }:

{
  "the default is among them" = {
    expr = builtins.elem pkgs.python3.pythonVersion (
      import ./pythons.nix {
        nixpkgs = pkgs.path;
        argument = null;
      }
    );
    expected = true;
  };
}
