# Queries a resolver that cannot evaluate nixpkgs itself.  `ask` takes an inventory, as ./nixpkgsInventory.nix makes it, and gives
# a lock or `{ nixpkgs = names; }`: packages that the inventory lacks.  With them in it, `ask` is called again.
{ nixpkgsInventory }:

{
  python,
  # The packages of the first inventory.
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
