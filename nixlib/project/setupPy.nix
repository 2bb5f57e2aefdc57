# The arguments of the call of `setup` in a setup.py: by name, the value of an argument that is a
# plain string literal, or null. The values of other code are unknown, because only a build may run
# it.
#
# The text is split at the relevant characters, each of which is a separate match: a pattern over a
# whole file recurses deeply in Nix.
{ lib }:

let
  pieces = builtins.split ''("""|${"'''"}|\\(.|${"\n"})|["'#(),={}[]|]|${"\n"})'';

  isQuote =
    mark:
    lib.elem mark [
      "\""
      "'"
      "\"\"\""
      "'''"
    ];
  opens =
    mark:
    lib.elem mark [
      "("
      "["
      "{"
    ];
  closes =
    mark:
    lib.elem mark [
      ")"
      "]"
      "}"
    ];

  trim = text: lib.concatStrings (lib.filter lib.isString (builtins.split "[ \t\r]+" text));

  # `setup(` and `setuptools.setup(`, but not `def setup(` and `my_setup(`.
  isSetup =
    text:
    builtins.match "(.*[^A-Za-z0-9_])?setup[ \t]*" text != null
    && builtins.match ".*def[ \t]+setup[ \t]*" text == null;

  start = {
    # The quote of the current string, or the `#` of the current comment.
    inside = null;
    # The string read so far; null if it has escapes, or is longer than a name or version.
    string = "";
    # The text before the token.
    before = "";
    # Open brackets within the call, 0 outside of it.
    depth = 0;
    # The parts of the current argument: code as text, strings as { string }.
    argument = [ ];
    found = { };
  };

  code =
    state: text:
    if trim text == "" then state else state // { argument = state.argument ++ [ (trim text) ]; };

  # An argument with different values in two calls is not plain.
  finish =
    state:
    let
      name = lib.head state.argument;
      value = lib.elemAt state.argument 2;
      isNamed = lib.length state.argument >= 3 && lib.isString name && lib.elemAt state.argument 1 == "=";
      isPlain = lib.length state.argument == 3 && lib.isAttrs value;
      text = if isPlain then value.string else null;
    in
    state
    // {
      argument = [ ];
      found =
        state.found
        // lib.optionalAttrs isNamed {
          ${name} = if state.found.${name} or text == text then text else null;
        };
    };

  inString =
    state: piece:
    let
      text = if lib.isString piece then piece else lib.head piece;
    in
    if lib.isList piece && text == state.inside then
      state
      // {
        inside = null;
        argument = lib.optionals (state.depth > 0) (state.argument ++ [ { inherit (state) string; } ]);
      }
    else
      state
      // {
        string =
          if state.string == null || lib.stringLength state.string > 100 || lib.hasPrefix "\\" text then
            null
          else
            state.string + text;
      };

  inCode =
    state: piece:
    let
      mark = lib.head piece;
    in
    if lib.isString piece then
      (if state.depth > 0 then code state piece else state) // { before = piece; }
    else if mark == "#" then
      state // { inside = "#"; }
    else if isQuote mark then
      # `u` has no effect; with `f`, `b` and others it is not plain.
      state
      // {
        inside = mark;
        string = "";
        argument =
          if lib.toLower (trim state.before) == "u" && state.argument != [ ] then
            lib.init state.argument
          else
            state.argument;
      }
    else if state.depth == 0 then
      if mark == "(" && isSetup state.before then
        state
        // {
          depth = 1;
          argument = [ ];
        }
      else
        state
    else if opens mark then
      code state mark // { depth = state.depth + 1; }
    else if closes mark && state.depth == 1 then
      finish state // { depth = 0; }
    else if closes mark then
      code state mark // { depth = state.depth - 1; }
    else if mark == "," && state.depth == 1 then
      finish state
    else if mark == "\n" then
      state
    else
      code state mark;

  read =
    state: piece:
    if state.inside == "#" then
      if piece == [ "\n" ] then
        state
        // {
          inside = null;
          before = "";
        }
      else
        state
    else if state.inside != null then
      inString state piece
    else
      inCode state piece;

  # Evaluated eagerly, because a long file would recurse deeply.
  step =
    state: piece:
    let
      next = read state piece;
    in
    builtins.seq next.string (builtins.seq (lib.length next.argument) (builtins.seq next.depth next));

  # Only the first group of a match is used.
  marks = text: map (piece: if lib.isList piece then [ (lib.head piece) ] else piece) (pieces text);
in
text: (lib.foldl' step start (marks text)).found
