# Parses a setup.cfg to { <section>.<key> = [ line … ]; }, like Python's `RawConfigParser`: indented
# lines continue a value; comments and empty lines are ignored.
{ lib }:

let
  isComment = line: lib.hasPrefix "#" line || lib.hasPrefix ";" line;
  trim =
    text:
    let
      found = builtins.match "[ \t\r]*(.*[^ \t\r])[ \t\r]*" text;
    in
    if found == null then "" else lib.head found;

  section = builtins.match "\\[([^]]*)].*";
  option = builtins.match "([^=:]*[^=: \t])[ \t]*[=:](.*)";

  add =
    state: line:
    let
      text = trim line;
      isIndented = lib.hasPrefix " " line || lib.hasPrefix "\t" line;
      header = section text;
      parts = option text;
      key = lib.toLower (lib.head parts);
      first = trim (lib.elemAt parts 1);
      put =
        key: values:
        state
        // {
          inherit key;
          sections = lib.recursiveUpdate state.sections {
            ${state.section}.${key} = values;
          };
        };
    in
    if text == "" || isComment text then
      state
    else if isIndented && state.key != null then
      put state.key (state.sections.${state.section}.${state.key} ++ [ text ])
    else if header != null then
      state
      // {
        section = lib.head header;
        key = null;
      }
    else if parts != null then
      put key (lib.optional (first != "") first)
    else
      state;
in
text:
(lib.foldl' add {
  section = "";
  key = null;
  sections = { };
} (lib.splitString "\n" text)).sections
