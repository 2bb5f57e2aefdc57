# An interpreter with an overlay of its packages.  One that already has overrides keeps them: others come on top.
{ lib }:

interpreter: overlay:
let
  python = interpreter.override (old: {
    self = python;
    packageOverrides = lib.composeExtensions (old.packageOverrides or (_: _: { })) overlay;
  });
in
python
