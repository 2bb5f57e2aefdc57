{ lib, scope, ... }:

let
  command = (scope { inherit lib; }).command;
in
{
  "words that a shell would read otherwise are quoted" = {
    expr = command [
      "mach-nix"
      "lock"
      "-r"
      "my file.txt"
      "numpy>=2"
      "a;b'c"
    ];
    expected = "`mach-nix lock -r 'my file.txt' 'numpy>=2' 'a;b'\\''c'`";
  };
}
