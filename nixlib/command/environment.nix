# The environment for `mach-nix build`, `shell`, `run` and `sync`: the environment of a lock, as a list of one derivation.
{
  # The path of the package set.
  nixpkgs,
  # The path of a file of JSON:
  # - `lock`: the path of the lock
  # - `python`: the version of the target, such as "3.12"
  # - `selection`: `extras` and `groups` of a lock with parts; null for everything
  # - `editable`: projects that are imported from their folders: see ../environment/editable.nix
  # - `venv`: whether the result has the form of a virtual environment
  argument,
}:
let
  pkgs = import ../nixpkgs/packageSet.nix { path = nixpkgs; };
  inherit (pkgs) lib;
  inherit (import ../scope.nix { inherit lib pkgs; }) editable pythonAttribute venv;
  request = builtins.fromJSON (builtins.readFile argument);

  projects = request.editable or [ ];
  ofLock = lib.filter (project: project.isLocked) projects;
  others = lib.filter (project: !project.isLocked) projects;

  plain = (import ../. { inherit pkgs; }).mkPython (
    {
      lock = /. + request.lock;
      python = pythonAttribute request.python;
    }
    // lib.optionalAttrs (ofLock != [ ]) {
      overridesPost = [
        (
          final: _:
          lib.listToAttrs (
            map (project: lib.nameValuePair project.name (editable final.python project)) ofLock
          )
        )
      ];
    }
    // (if request.selection or null == null then { } else request.selection)
  );
  environment =
    if others == [ ] then
      plain
    else
      plain.override (old: {
        extraLibs = old.extraLibs ++ map (editable plain.python) others;
      });
in
[
  (if request.venv or false then venv environment plain.python else environment)
]
