# The environment of default.nix from a flake: `nix build`, `nix develop`.
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;
      # The systems that the lock was made for.
      lock = builtins.fromJSON (builtins.readFile ./mach-nix.lock);
      systems = lib.unique (map (target: target.system) lock.targets);
      environment = system: import ./. { pkgs = nixpkgs.legacyPackages.${system}; };
      forSystems =
        f:
        lib.genAttrs systems (system: {
          default = f (environment system);
        });
    in
    {
      packages = forSystems (environment: environment);
      devShells = forSystems (environment: environment.env);
    };
}
