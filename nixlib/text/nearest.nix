# The likely intended name from a list for a misspelt one, or null.
{ lib }:

let
  # The Levenshtein distance, row by row: `above` are the distances of the preceding letter.
  distance =
    a: b:
    let
      letters = lib.stringToCharacters a;
      row =
        above: letter:
        lib.foldl' (
          done: column:
          done
          ++ [
            (lib.min (lib.min (lib.last done + 1) (lib.elemAt above (column + 1) + 1)) (
              lib.elemAt above column + (if lib.elemAt letters column == letter then 0 else 1)
            ))
          ]
        ) [ (lib.head above + 1) ] (lib.range 0 (lib.length letters - 1));
    in
    lib.last (lib.foldl' row (lib.range 0 (lib.length letters)) (lib.stringToCharacters b));

  spelling = name: lib.toLower (lib.replaceStrings [ "_" "-" ] [ "" "" ] name);
in
names: name:
let
  # One mistake per three letters (two per five: a transposition), apart from case and separators.
  most = lib.max 1 ((lib.stringLength name + 1) / 3);
  rated = map (candidate: {
    inherit candidate;
    distance = distance (spelling name) (spelling candidate);
  }) names;
  near = lib.filter (rating: rating.distance <= most) rated;
  best = lib.foldl' (a: b: if b.distance < a.distance then b else a) (lib.head near) near;
in
if near == [ ] then null else best.candidate
