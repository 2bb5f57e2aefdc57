# The environment of a uv project as uv2nix builds it, or an empty one, for ./evaluation.sh.
{
  # A nixpkgs, as a function of its overlays.
  nixpkgs,
  # The folder with the clones of `uv2nix` and `pyproject.nix`.
  peers,
  # The folder of pyproject.toml and uv.lock.
  project,
  empty ? false,
}:

let
  # What they take from nixpkgs and only builds use; a tree that is cut down for tests may not have them.
  pkgs = nixpkgs [
    (
      _: prev:
      let
        libraries = [
          prev.stdenv.cc.cc.lib
          prev.zlib
        ];
      in
      {
        ugrep = prev.ugrep or prev.gnugrep;
        uv = prev.uv or prev.jq;
        pythonManylinuxPackages =
          prev.pythonManylinuxPackages or {
            manylinux1 = libraries;
            manylinux2010 = libraries;
            manylinux2014 = libraries;
          };
      }
    )
  ];
  inherit (pkgs) lib;
  pyproject-nix = import (peers + "/pyproject.nix") { inherit lib; };
  uv2nix = import (peers + "/uv2nix") { inherit lib pyproject-nix; };

  workspace = uv2nix.lib.workspace.loadWorkspace { workspaceRoot = project; };
  set = pkgs.callPackage pyproject-nix.build.packages { python = pkgs.python311; };
  overlay = if empty then _: _: { } else workspace.mkPyprojectOverlay { sourcePreference = "wheel"; };
in
(set.overrideScope overlay).mkVirtualEnv "env" (if empty then { } else workspace.deps.default)
