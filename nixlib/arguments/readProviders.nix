# The `providers` argument in the form of the lock: preferences as text without white space, by
# names in normal form. A list contains providers in order.
{
  lib,
  fail,
  attributeName,
  typeName,
  normalName,
}:

let
  compact = lib.replaceStrings [ " " "\t" "\n" ] [ "" "" "" ];

  preference =
    name: value:
    if builtins.isString value then
      compact value
    else if builtins.isList value && lib.all builtins.isString value then
      lib.concatMapStringsSep "," compact value
    else
      fail "`providers.${attributeName name}` must be a text such as `\"wheel,sdist\"` or a list of names, but is ${
        typeName.${builtins.typeOf value}
      }";
in
providers:
if builtins.isAttrs providers then
  lib.mapAttrs' (
    name: value:
    lib.nameValuePair (if name == "_default" then name else normalName name) (preference name value)
  ) providers
else
  fail "`providers` must be an attribute set such as `{ _default = \"wheel\"; }`, but is ${
    typeName.${builtins.typeOf providers}
  }"
