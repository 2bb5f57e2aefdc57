# Queries a resolver that cannot evaluate nixpkgs itself. `ask` takes an inventory, as returned by
# ./nixpkgsInventory.nix, and returns a lock or `{ nixpkgs = names; }`: packages that the inventory
# lacks. `ask` is called again with these included.
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
