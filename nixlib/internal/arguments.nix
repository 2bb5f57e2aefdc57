# Refuses arguments that the called function does not have, and those of a wrong type, and gives
# the rest unchanged.  A function pattern would do the first, but Nix names neither the public
# function nor its arguments then.
#
# `known` maps every argument to a type as `builtins.typeOf` says it, or to null for any.
{ lib, fail }:

let
  typeName = import ./typeName.nix;
in
known: arguments:
let
  quoted = names: lib.concatMapStringsSep ", " (name: "`${name}`") names;
  unknown = lib.attrNames (builtins.removeAttrs arguments (lib.attrNames known));

  checked =
    name: value:
    let
      wanted = known.${name};
      found = builtins.typeOf value;
    in
    if wanted == null || wanted == found then
      value
    else
      fail "`${name}` must be ${typeName.${wanted}}, but is ${typeName.${found}}";
in
if !lib.isAttrs arguments then
  fail "expected an attribute set as argument, but got ${
    typeName.${builtins.typeOf arguments}
  }; write `{ requirements = ./requirements.txt; lock = ./mach-nix.lock; }`"
else if unknown != [ ] then
  fail "unknown argument ${quoted unknown}; the arguments are ${quoted (lib.attrNames known)}"
else
  lib.mapAttrs checked arguments
