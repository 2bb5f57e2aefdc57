# The conda packages of a lock in one folder, as conda installs them: paths in files are those of the folder.
{
  lib,
  pkgs,
  compat,
  condaProgram,
  condaUnpacked,
}:

let
  inherit (pkgs.stdenv) hostPlatform;
  isMac = hostPlatform.isDarwin;
in
{
  # The interpreter without the locked packages.
  python,
  # The entries of the lock, as ./entries.nix gives them.
  packages,
  # A boolean, or the list of patterns of ../environment/collisions.py.
  ignoreCollisions,
}:
let
  unpacked = lib.listToAttrs (
    map (
      package:
      lib.nameValuePair package.name (condaUnpacked {
        inherit python package;
      })
    ) packages
  );
  built = derivation (
    condaProgram {
      inherit python;
      inherit (hostPlatform) system;
      program = "link.py";
    }
    // {
      # Short, because it takes the place of text of a certain length.
      name = "conda-prefix";
      request = builtins.toJSON {
        ignored = ignoreCollisions;
        platform = if isMac then "osx" else "linux";
        python = python.executable;
        inherit (python) interpreter sitePackages;
        packages = map (
          package:
          {
            dependencies = [ ];
            path = "${unpacked.${package.name}}";
          }
          // builtins.intersectAttrs {
            build = null;
            channel = null;
            condaName = null;
            dependencies = null;
            file = null;
            name = null;
            subdir = null;
            url = null;
            version = null;
          } package
        ) packages;
      };
      passAsFile = [ "request" ];
    }
    // (
      if isMac then
        {
          # A file that was changed needs a signature.
          inherit (pkgs.darwin) sigtool;
          cctools = pkgs.cctools or pkgs.darwin.cctools;
        }
      else
        {
          inherit (pkgs) patchelf;
          inherit (pkgs.stdenv.cc) bintools;
          libraries = map lib.getLib compat.systemLibraries;
        }
    )
  );
in
built // { inherit unpacked; }
