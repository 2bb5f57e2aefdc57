# A source folder as a store path, without other files: version control, copies of editors, links to
# results, and the outputs of building, testing and running. The path then changes only with the
# sources.
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
