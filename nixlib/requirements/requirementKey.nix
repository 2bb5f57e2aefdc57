# A requirement in a canonical form, independent of its notation: names in normal form, extras and
# version specifiers sorted, no white space and no brackets.
{
  lib,
  normalName,
  digest,
}:

let
  bare = lib.replaceStrings [ "(" ")" ] [ "" "" ];
  sorted =
    separator: text: lib.concatStringsSep "," (lib.sort (a: b: a < b) (lib.splitString separator text));
in
line:
let
  compact = lib.concatStrings (digest.lines line);
  parts = lib.splitString ";" compact;
  found = builtins.match "([a-z0-9.-]+)(\\[([^]]*)])?([^@[]*)" (bare (lib.head parts));
  extras = lib.elemAt found 2;
in
if found == null then
  compact
else
  lib.concatStringsSep ";" (
    [
      (
        lib.head found
        + lib.optionalString (extras != null) "[${sorted "," (normalName extras)}]"
        + sorted "," (lib.elemAt found 3)
      )
    ]
    ++ map bare (lib.tail parts)
  )
