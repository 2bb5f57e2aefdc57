# What `mach-nix lock` and `mach-nix index nixpkgs` ask about a package set: `null` when it does not have the interpreter.
#
# Settings and overlays of the user are left out, so that a lock is the same on every machine; a file that makes a set
# with overlays can be given in the place of nixpkgs.
{
  # The path of the package set.
  nixpkgs,
  # The path of a file of JSON:
  # - `python`: the attribute of the interpreter, such as "python312"
  # - `system`: the system, such as "x86_64-linux"
  # - `ask` and `names`: a function of ../internal/inventory.nix and its argument, or "names"
  argument,
}:

let
  request = builtins.fromJSON (builtins.readFile argument);

  settings = {
    inherit (request) system;
    config.allowAliases = false;
    overlays = [ ];
  };

  imported = import nixpkgs;
  taken = builtins.functionArgs imported;
  pkgs =
    if !builtins.isFunction imported then
      imported
    else if taken == { } then
      imported settings
    else
      imported (builtins.intersectAttrs taken settings);

  inherit (pkgs) lib;

  # A version that was given up is there to say so.
  interpreter = builtins.tryEval (
    let
      found = pkgs.${request.python} or null;
    in
    if lib.isDerivation found && found ? pkgs then found else null
  );
in
if interpreter.success && interpreter.value != null then
  let
    answer = (import ../internal/inventory.nix { inherit lib; } interpreter.value).${request.ask};
  in
  if request.ask == "names" then answer else answer request.names
else
  null
