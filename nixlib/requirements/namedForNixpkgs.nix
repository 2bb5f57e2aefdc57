# The packages known to come from nixpkgs according to the arguments: those whose provider list
# contains it, and the required packages if the default list does.
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
  # As returned by requirements/readRequest.nix.
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
