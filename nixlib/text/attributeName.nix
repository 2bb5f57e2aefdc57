# A name as an attribute in Nix: `numpy`, but `"3to2"`.
{ }:

let
  keywords = [
    "assert"
    "else"
    "if"
    "in"
    "inherit"
    "let"
    "or"
    "rec"
    "then"
    "with"
  ];
in
name:
if builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null && !(builtins.elem name keywords) then
  name
else
  builtins.toJSON name
