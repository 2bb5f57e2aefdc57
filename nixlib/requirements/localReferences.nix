# The requirements (as requirements/readRequest.nix returns them) on this machine: paths and `file:` addresses, each
# as it is written.  Only a lock file can lead there: whoever has the mere text has no folder to begin in.
#
# A path that does not look like one, such as `wheels/six.whl`, is left to the command.
{ lib, normalName }:

let
  option = "(-e|--editable|-f|--find-links)[ =]*";
  name = "[A-Za-z0-9._-]*[ \t]*(\\[[^]]*])?[ \t]*@[ \t]*";
  # The beginning is enough, and matching a long line is deep recursion in Nix.
  isLocal =
    text:
    builtins.match "[ \t]*(${option})?(${name})?([.]{0,2}/|[.]{1,2}[ \t\r]*$|file:).*" (
      lib.substring 0 200 text
    ) != null;

  # Of `[tool.uv.sources]`, where it says so of a package that is asked for.
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
