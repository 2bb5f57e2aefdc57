# Asks a resolver that cannot evaluate nixpkgs itself.  `ask` is given an inventory, as inventory.nix
# makes it, and answers with a lock or with `{ nixpkgs = names; }`: what it has to know about.  Then it is
# asked again.
{ nixpkgsInventory }:

{
  python,
  # Packages that it is told about at once.
  names,
  ask,
}:
let
  round =
    known:
    let
      answer = ask (nixpkgsInventory python known);
    in
    if answer ? nixpkgs then round (known ++ answer.nixpkgs) else answer;
in
round names
