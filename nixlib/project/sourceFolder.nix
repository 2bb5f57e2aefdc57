# A folder with sources as a store path, without what is not a source: version control, editors' copies,
# links to results, and what building, testing and running leave behind.  The path then changes with
# the sources only.
{ lib }:

let
  folders = [
    ".direnv"
    ".eggs"
    ".mypy_cache"
    ".nox"
    ".pytest_cache"
    ".ruff_cache"
    ".tox"
    ".venv"
    "__pycache__"
  ];
  keep =
    path: type:
    lib.cleanSourceFilter path type
    && !(
      type == "directory"
      && (lib.elem (baseNameOf path) folders || lib.hasSuffix ".egg-info" (baseNameOf path))
    )
    && !(lib.hasSuffix ".pyc" (baseNameOf path));
in
name: path:
builtins.path {
  name = "${name}-source";
  inherit path;
  # Paths of the filter have no context.
  filter = path: type: keep path type;
}
