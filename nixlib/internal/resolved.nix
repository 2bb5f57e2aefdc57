# What the arguments that describe an environment mean: the locked packages, the overlay that holds
# them, and the interpreter that has them.
{
  lib,
  pkgs,
  fail,
  ...
}@context:

let
  interpreter = import ./interpreter.nix context;
  resolve = import ../resolve.nix { inherit lib pkgs fail; };
  overlay = import ./overlay.nix { inherit lib pkgs fail; };
in
arguments:
let
  plain = interpreter (arguments.python or null);
  packages = resolve (arguments // { python = plain; });
  pythonOverrides = overlay {
    python = plain;
    inherit packages;
  };

  # An interpreter that already has overrides keeps them: the locked packages come on top.
  python = plain.override (old: {
    self = python;
    packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) pythonOverrides;
  });
in
{
  inherit packages pythonOverrides python;
}
