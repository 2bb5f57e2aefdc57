_:

{
  "names in quotes where they need them" = {
    expr = map (import ./attributeName.nix) [
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
