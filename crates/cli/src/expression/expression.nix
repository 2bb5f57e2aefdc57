{
  # The contents of a mach-nix.lock.
  lock,
  # The files of mach-nix's Nix library by name.
  files,
  # This folder: wheels and sources on this machine are named relative to it.
  folder,
  # The name of this file.
  name,
}:
{
  pkgs ? import <nixpkgs> { },
  # Given by `nix-shell`.
  inNixShell ? false,
  ...
}@arguments:
let
  inherit (pkgs.stdenv.hostPlatform) system;
  here = builtins.filter (target: target.system == system) lock.targets;
  target = builtins.head (here ++ lock.targets);
  version = builtins.match "([0-9]+)\\.([0-9]+).*" target.python;

  environment = (files."default.nix" { inherit pkgs; }).mkPython (
    {
      lock = lock // {
        file = folder + "/${name}";
      };
      python = "python${builtins.concatStringsSep "" version}";
    }
    // builtins.removeAttrs arguments [
      "pkgs"
      "inNixShell"
    ]
  );
in
if inNixShell then environment.env else environment
