# The common part of fetchPypiSdist and fetchPypiWheel.
{
  lib,
  fail,
  compat,
}:

{
  fetch = compat.fetchPypi;

  # Earlier releases took the name and the version as separate arguments, and looked up the hash.
  withHash =
    example: f: argument:
    if lib.isString argument then
      fail "there is no database to take the hash from any more; write `${example}` (what is locked has its file as `python.pkgs.<package>.src`)"
    else
      f argument;

  required =
    names: args:
    let
      missing = lib.filter (name: !(args ? ${name})) names;
    in
    if missing == [ ] then args else fail "the argument `${lib.head missing}` is missing";
}
