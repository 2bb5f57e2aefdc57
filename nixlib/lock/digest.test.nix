{ lib, scope, ... }:

let
  digest = (scope { inherit lib; }).digest;
  golden = lib.importJSON ./digest.cases.json;

  # Case names are attribute names; the text of a case holds both results.
  case = expected: {
    inherit (expected) name;
    value = {
      expr =
        let
          lines = digest.lines expected.text;
        in
        {
          inherit lines;
          digest = digest.digest lines;
        };
      expected = {
        inherit (expected) lines digest;
      };
    };
  };

  long = lib.concatStrings (
    lib.genList (_: " \\\n    --hash=sha256:${lib.fixedWidthString 64 "0" ""}") 2000
  );
in
lib.listToAttrs (map case golden)
// {
  "lines are in normal form already" = {
    expr = lib.filter (
      expected: digest.lines (lib.concatStringsSep "\n" expected.lines) != expected.lines
    ) golden;
    expected = [ ];
  };

  "long lines" = {
    expr = lib.stringLength (lib.head (digest.lines "flask==2.1.2${long}"));
    expected = 12 + 2000 * 78;
  };
}
