{
  # The contents of a mach-nix.lock.
  lock,
  # The files of mach-nix's Nix library by name: each a function of the `import` and the `builtins` it sees, or a text.
  library,
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
  files = builtins.mapAttrs (_: file: if builtins.isString file then file else file linked) library;

  # The files of the library name each other by strings.
  known = file: builtins.isString file && files ? ${file};
  linked = {
    import = file: if known file then files.${file} else import file;
    builtins = builtins // {
      readFile = file: if known file then files.${file} else builtins.readFile file;
    };
  };

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
