# The query of `mach-nix lock` and `mach-nix index nixpkgs` about a package set: `null` when it does not have the interpreter.
{
  # The path of the package set.
  nixpkgs,
  # The path of a file of JSON:
  # - `python`: the attribute of the interpreter, such as "python312"
  # - `system`: the system, such as "x86_64-linux"
  # - `ask` and `names`: a function of ../nixpkgs/inventory.nix and its argument, or "names"
  argument,
}:

let
  request = builtins.fromJSON (builtins.readFile argument);

  pkgs = import ../nixpkgs/packageSet.nix {
    path = nixpkgs;
    inherit (request) system;
    config.allowAliases = false;
  };
  inherit (pkgs) lib;

  # A version that was removed may throw with an explanation. A package set that fails as a whole is
  # a separate error.
  interpreter = builtins.seq pkgs (
    builtins.tryEval (
      let
        found = pkgs.${request.python} or null;
      in
      if lib.isDerivation found && found ? pkgs then found else null
    )
  );
in
if interpreter.success && interpreter.value != null then
  let
    answer = ((import ../scope.nix { inherit lib; }).inventory interpreter.value).${request.ask};
  in
  if request.ask == "names" then answer else answer request.names
else
  null
