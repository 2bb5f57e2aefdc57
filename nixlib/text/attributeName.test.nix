{ scope, ... }:

{
  "names in quotes where they need them" = {
    expr = map ((scope { }).attributeName) [
      "python-dateutil"
      "_default"
      "3to2"
      "pdfminer.six"
      "with"
    ];
    expected = [
      "python-dateutil"
      "_default"
      ''"3to2"''
      ''"pdfminer.six"''
      ''"with"''
    ];
  };
}
