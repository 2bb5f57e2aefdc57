# Environments by package names: an attribute set with an environment for each name, which contains
# that package too, at any depth, so that `pythonWith.flask.requests` contains both.
#
# An environment has only the attributes of a derivation, because all others are names of packages;
# the additional attributes of `mkPython` are in `_passthru`. None of them is evaluated on the way
# to another name, or each step would resolve.
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
