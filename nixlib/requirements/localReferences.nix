# The local references among the requirements (as returned by requirements/readRequest.nix): paths
# and `file:` URLs, as written. Only a lock file supports them, because a text has no folder.
#
# A path that is not recognizable as one, such as `wheels/six.whl`, is left to the command.
{ lib, normalName }:

let
  option = "(-e|--editable|-f|--find-links)[ =]*";
  name = "[A-Za-z0-9._-]*[ \t]*(\\[[^]]*])?[ \t]*@[ \t]*";
  # The beginning suffices, and matching a long line recurses deeply in Nix.
  isLocal =
    text:
    builtins.match "[ \t]*(${option})?(${name})?([.]{0,2}/|[.]{1,2}[ \t\r]*$|file:).*" (
      lib.substring 0 200 text
    ) != null;

  # Of `[tool.uv.sources]`, those of required packages.
  sources =
    asked:
    let
      names = map (line: lib.head (builtins.split "[^a-z0-9-]" line)) asked.lines;
      isPath = source: lib.any (place: place ? path) (lib.toList source);
      found = lib.filterAttrs (name: source: lib.elem (normalName name) names && isPath source) (
        (builtins.fromTOML asked.request.pyproject).tool.uv.sources or { }
      );
    in
    lib.attrNames found;
in
asked:
if asked.request ? pyproject then
  lib.filter isLocal asked.lines ++ sources asked
else
  lib.filter isLocal (lib.splitString "\n" asked.request.requirements)
