{
  description = "Python requirements to reproducible Nix environments";

  # There is no flake.lock in this repository: the library takes whatever nixpkgs it is given, so
  # that the lock of the user's own flake decides.  With `inputs.mach-nix.inputs.nixpkgs.follows =
  # "nixpkgs"` nothing else is fetched.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      mkLib = pkgs: import ./. { inherit pkgs; };
    in
    {
      # `mach-nix.lib.x86_64-linux.mkPython { … }`, or with a package set of one's own
      # `(mach-nix.lib.mkLib pkgs).mkPython { … }`.
      lib = nixpkgs.lib.genAttrs systems (system: mkLib nixpkgs.legacyPackages.${system}) // {
        inherit mkLib;
      };
    };
}
