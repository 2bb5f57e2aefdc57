# Environments by the names of their packages: an attribute set that has for each name the environment
# with that package too, at any depth, so that `pythonWith.flask.requests` holds both.
#
# An environment has the attributes of a derivation and nothing else, since all others are names of
# packages; what `mkPython` gives with it is `_passthru`.  None of them is evaluated on the way to a
# further name, or each step would resolve.
{ lib }:

{
  # From the names of the packages to { drv, passthru }.
  environment,
  names,
}:

let
  attributes = [
    "drvPath"
    "meta"
    "name"
    "out"
    "outPath"
    "outputName"
    "outputs"
    "override"
    "overrideAttrs"
    "system"
  ];
  withNames =
    selected:
    let
      found = environment selected;
    in
    lib.genAttrs names (name: withNames (selected ++ [ name ]))
    // lib.genAttrs attributes (attribute: found.drv.${attribute})
    // {
      type = "derivation";
      _passthru = found.passthru;
    };
in
withNames [ ]
