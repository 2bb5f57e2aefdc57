# A command with its arguments, quoted for a shell and in backticks, for messages.
{ lib }:

let
  quoted =
    word:
    if builtins.match "[A-Za-z0-9%+,./:=@_-]+" word != null then
      word
    else
      "'${lib.replaceStrings [ "'" ] [ "'\\''" ] word}'";
in
words: "`${lib.concatMapStringsSep " " quoted words}`"
