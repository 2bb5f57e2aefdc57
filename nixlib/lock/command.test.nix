{ lib, ... }:

let
  command = import ./command.nix { inherit lib; };
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
