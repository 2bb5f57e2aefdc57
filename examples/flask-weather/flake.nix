# The same environment as default.nix, from a flake: `nix build`, `nix develop`.
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  inputs.mach-nix.url = "github:DavHau/mach-nix";
  inputs.mach-nix.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    { nixpkgs, mach-nix, ... }:
    let
      # The systems that the lock was made for.
      systems = [ "x86_64-linux" ];
      environment =
        system:
        import ./. {
          pkgs = nixpkgs.legacyPackages.${system};
          mach-nix = mach-nix.lib.${system};
        };
      forSystems =
        f:
        nixpkgs.lib.genAttrs systems (system: {
          default = f (environment system);
        });
    in
    {
      packages = forSystems (environment: environment);
      devShells = forSystems (environment: environment.env);
    };
}
