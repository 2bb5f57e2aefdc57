{ ... }:

{
  "the version of a package set" = {
    expr = import ./python.nix {
      nixpkgs = builtins.toFile "set.nix" ''{ python3.pythonVersion = "3.12"; }'';
      argument = null;
    };
    expected = "3.12";
  };
}
