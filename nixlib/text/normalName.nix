# The normal form of a project name, https://peps.python.org/pep-0503/#normalized-names: lower
# case, every run of `-`, `_` and `.` a single `-`.
{ lib }:

name:
lib.concatMapStrings (part: if builtins.isList part then "-" else part) (
  builtins.split "[-_.]+" (lib.toLower name)
)
