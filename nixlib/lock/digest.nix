/**
  The digest of requirements, by which a lock knows what it was made for.

  The Rust side (crate `lock`) implements the same; `digest.test.nix` holds the cases that
  both must agree on.

  1. CR LF becomes LF.  A backslash directly before a newline is dropped together with it, so that
     the two lines become one.
  2. In each line a comment is dropped: from a `#` at the start of the line or after white space
     to the end of the line.  White space is space and tab here and below.
  3. White space around the line is dropped; empty lines are dropped.
  4. A line which starts with `-` is an option: runs of white space become one space.
  5. In any other line all white space is dropped, `'` becomes `"`, and the longest prefix of
     letters, digits, `.`, `_` and `-` is put into PEP 503 normal form.
  6. The lines are sorted by bytes, each is kept once, and each ends with a newline.
  7. The digest is the SHA-256 of these bytes in SRI form.

  # Type

  ```
  { lines :: String -> [ String ]; digest :: [ String ] -> String; }
  ```

  # Example

  ```nix
  lines "Flask == 2.1.2  # the web\n"
  => [ "flask==2.1.2" ]
  digest [ "flask==2.1.2" ]
  => "sha256-3ia7oTu4nxuz3N+lfbeMvJfMXYQzUea5BIZQuMF2StA="
  ```
*/
{ lib, normalName }:

let
  # The parts of a string between the matches of a regular expression.  The expressions below match
  # single short pieces: matching a whole line recurses once per character in Nix, and lines with
  # hashes are long.
  between = regex: text: lib.filter lib.isString (builtins.split regex text);

  withoutComment = line: lib.head (between "[ \t]#" " ${line}");

  requirement =
    text:
    let
      name = lib.head (between "[^A-Za-z0-9._-]" text);
      rest = lib.substring (lib.stringLength name) (lib.stringLength text) text;
    in
    normalName name + lib.replaceStrings [ "'" ] [ "\"" ] rest;

  normalLine =
    line:
    let
      words = lib.filter (word: word != "") (between "[ \t]+" (withoutComment line));
    in
    if words == [ ] then
      ""
    else if lib.hasPrefix "-" (lib.head words) then
      lib.concatStringsSep " " words
    else
      requirement (lib.concatStrings words);

  # `attrNames` sorts by bytes.
  sortedSet = strings: lib.attrNames (lib.genAttrs strings (_: null));

  # Nix before 2.19 does not have `builtins.convertHash`. Three hexadecimal digits are two of
  # base64; TOML parses them as numbers.
  base64OfHex =
    let
      digit =
        value: lib.substring value 1 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    in
    # 64 digits and two of padding are 22 groups; the last character is only padding.
    hex:
    let
      groups = lib.genList (group: "0x${lib.substring (group * 3) 3 "${hex}00"}") 22;
      inherit (builtins.fromTOML "values = [${lib.concatStringsSep "," groups}]") values;
    in
    lib.substring 0 43 (
      lib.concatStrings (map (value: digit (value / 64) + digit (builtins.bitAnd value 63)) values)
    )
    + "=";
in
{
  lines =
    text:
    let
      joined = lib.replaceStrings [ "\\\r\n" "\\\n" "\r\n" ] [ "" "" "\n" ] (
        builtins.unsafeDiscardStringContext text
      );
    in
    sortedSet (lib.filter (line: line != "") (map normalLine (lib.splitString "\n" joined)));

  digest =
    lines:
    "sha256-"
    + base64OfHex (builtins.hashString "sha256" (lib.concatMapStrings (line: line + "\n") lines));
}
