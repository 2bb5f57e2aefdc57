# An interpreter with an overlay of its packages, in addition to existing overrides.
{ lib }:

interpreter: overlay:
let
  python = interpreter.override (old: {
    self = python;
    packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) overlay;
  });
in
python
