# The interpreter of a `python` argument: the given one, or that of the import, or the default of
# nixpkgs.
{
  pkgs,
  fail,
  python,
  typeName,
}:

let
  named =
    name:
    pkgs.${name}
      or (fail "`python` is `\"${name}\"`, but `pkgs` has no such attribute; use one that it has, such as `\"python3\"`");

  isInterpreter = value: builtins.isAttrs value && value ? pythonVersion && value ? pkgs;

  found =
    value:
    if builtins.isString value then
      found (named value)
    else if isInterpreter value then
      value
    else
      fail "`python` must be an interpreter such as `pkgs.python311` or the name of one such as `\"python311\"`, but is ${
        typeName.${builtins.typeOf value}
      }";
in
argument:
if argument != null then
  found argument
else if python != null then
  found python
else
  pkgs.python3
