# The arguments of `mach-nix lock` that create a lock again, for the end of error messages: the
# existing input files, or else the requirements themselves.
{ lib }:

let
  # Files from which a folder may be locked, the most likely first.
  files = [
    [
      "-r"
      "requirements.txt"
    ]
    [
      "--pyproject"
      "pyproject.toml"
    ]
    [
      "--environment"
      "environment.yml"
    ]
    [
      "-r"
      "setup.cfg"
    ]
  ];

  inFolder =
    folder: lib.findFirst (words: builtins.pathExists (folder + "/${lib.last words}")) null files;

  # A longer list belongs in a file.
  maxWords = 10;
  areWords =
    lines: lines != [ ] && lib.length lines <= maxWords && !(lib.any (lib.hasPrefix "-") lines);
in
{
  # As returned by requirements/readRequest.nix, or null with only a lock.
  asked,
  # The lock file or its contents, or null.
  lock,
}:
let
  file = if lib.isAttrs lock then lock.file or null else lock;
  isPath = builtins.isPath file || (builtins.isString file && lib.hasPrefix "/" file);
  found = if isPath then inFolder (dirOf file) else null;
  recorded = if lib.isAttrs lock then lock.request.requirements or [ ] else [ ];
in
if asked != null && !asked.isText then
  asked.inputs
else if asked != null && areWords asked.lines then
  asked.lines
else if asked != null then
  asked.inputs
else if found != null then
  found
else if areWords recorded then
  recorded
else
  lib.head files
