# The original name of a file: a file copied to the store has its hash as a prefix.
{ lib }:

file:
let
  name = baseNameOf (toString file);
  stored = builtins.match "[0-9a-z]{32}-(.*)" name;
in
builtins.unsafeDiscardStringContext (if stored == null then name else lib.head stored)
