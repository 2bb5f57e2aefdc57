# The packages that are to come from nixpkgs, as far as the arguments say so: those whose list of
# providers names it, and what is asked for where the list of all others does.
{ lib, requirementKey }:

let
  names = list: lib.elem "nixpkgs" (lib.splitString "," (lib.replaceStrings [ "|" ] [ "," ] list));
  nameOf =
    line:
    let
      found = builtins.match "([a-z0-9][a-z0-9-]*).*" (requirementKey line);
    in
    lib.optionals (found != null) found;
in
{
  # As requirements/readRequest.nix gives it.
  asked,
  # Preferences in the form of the lock, or null.
  providers,
}:
if providers == null then
  [ ]
else
  lib.unique (
    lib.attrNames (lib.filterAttrs (name: list: name != "_default" && names list) providers)
    ++ lib.optionals (names (providers._default or "")) (lib.concatMap nameOf asked.lines)
  )
