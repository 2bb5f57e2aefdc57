# The name of a file as the user knows it: one that was copied into the store has its hash before it.
{ lib }:

file:
let
  name = baseNameOf (toString file);
  stored = builtins.match "[0-9a-z]{32}-(.*)" name;
in
builtins.unsafeDiscardStringContext (if stored == null then name else lib.head stored)
