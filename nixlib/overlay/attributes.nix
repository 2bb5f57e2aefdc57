# The new attributes of a derivation according to `_.<package>` or a fix:
#
#     <attribute> = value;                                  replaces
#     <attribute>.add = value;                              appends a list, a set or a string
#     <attribute>.mod = old: …;                             computes from the old value
#     <attribute>.mod = pySelf: oldAttrs: old: …;           … and from everything else
#
# A missing attribute is empty for `add`, and null for `mod`.
{
  lib,
  fail,
  typeName,
}:

let
  typeOf = value: typeName.${builtins.typeOf value};

  append =
    where: old: new:
    let
      join = {
        list = old ++ new;
        set = old // new;
        string = old + new;
      };
      type = builtins.typeOf new;
    in
    if !(join ? ${type}) then
      fail "`${where}.add` must be a list, an attribute set or a string, but is ${typeOf new}"
    else if old == null then
      new
    else if builtins.typeOf old != type then
      fail "`${where}.add` is ${typeOf new}, but the attribute is ${typeOf old}; give the same type, or change it with `${where}.mod`"
    else
      join.${type};

  isChange =
    name: value: builtins.isAttrs value && !(lib.isDerivation value) && lib.attrNames value == [ name ];
in
{
  # The user's spelling, for messages: `_.numpy`.
  where,
  # The final Python package set.
  pySelf,
}:
changes: oldAttrs:
lib.mapAttrs (
  name: value:
  let
    old = oldAttrs.${name} or null;
    modified = value.mod old;
  in
  if isChange "add" value then
    append "${where}.${name}" old value.add
  else if isChange "mod" value then
    if !(lib.isFunction value.mod) then
      fail "`${where}.${name}.mod` must be a function, but is ${typeOf value.mod}"
    # The long form takes more arguments.
    else if lib.isFunction modified then
      value.mod pySelf oldAttrs old
    else
      modified
  else
    value
) changes
