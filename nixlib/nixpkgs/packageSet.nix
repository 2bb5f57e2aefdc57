# The package set at a path: a set, or a function that returns one.
#
# Settings and overlays of the user are ignored, so that a lock is the same on every machine; a file
# that applies overlays can be given instead of nixpkgs.
{
  path,
  system ? builtins.currentSystem,
  config ? { },
}:
let
  settings = {
    inherit system config;
    overlays = [ ];
  };

  imported = import path;
  taken = builtins.functionArgs imported;
in
if !builtins.isFunction imported then
  imported
else if taken == { } then
  imported settings
else
  imported (builtins.intersectAttrs taken settings)
