{ scope, ... }:

{
  "with and without patch level" = {
    expr = map (scope { }).pythonAttribute [
      "3.9"
      "3.12"
      "3.12.4"
    ];
    expected = [
      "python39"
      "python312"
      "python312"
    ];
  };
}
