# The request, from the arguments of a function: a requirements.txt or a pyproject.toml, as
#
#     { lines; isText; isComputed; isEnvironment; inputs; request; }
#
# `lines` are in the form of the digest, and complete unless `isComputed` is true, in which case a
# build determines the others; those of an `environment.yml` are lines of YAML; `inputs` are the command's arguments for the file, `request` the
# fields of a query for it (resolve/query.nix).
{
  lib,
  fail,
  typeName,
  readRequirements,
  readPyproject,
  plainName,
}:

let
  ofRequirements =
    requirements:
    let
      read = readRequirements requirements;
      usual = if read.isEnvironment then "environment.yml" else "requirements.txt";
      shown = if read.path == null then usual else plainName read.path;
    in
    {
      inherit (read) lines isEnvironment;
      isText = read.path == null;
      isComputed = false;
      inputs = [
        (if read.isEnvironment then "--environment" else "-r")
        shown
      ];
      request = {
        requirements = read.text;
      }
      // lib.optionalAttrs read.isEnvironment { name = shown; };
    };

  ofPyproject =
    pyproject: selection:
    let
      read = readPyproject pyproject selection;
      words =
        option:
        lib.concatMap (name: [
          option
          name
        ]);
    in
    {
      inherit (read) lines isComputed;
      isEnvironment = false;
      # With all extras and groups.
      inherit (read) whole;
      isText = false;
      inputs = [
        "--pyproject"
        (plainName pyproject)
      ]
      ++ words "--extra" selection.extras
      ++ words "--group" selection.groups;
      request = {
        pyproject = read.text;
        inherit (selection) extras groups;
      };
    };

  names =
    what: value:
    if builtins.isList value && lib.all builtins.isString value then
      value
    else
      fail "`${what}` must be a list of names, but is ${typeName.${builtins.typeOf value}}";
in
{
  requirements ? null,
  pyproject ? null,
  extras ? [ ],
  groups ? [ ],
}:
if requirements != null && pyproject != null then
  fail "both `requirements` and `pyproject` are given; give one of them"
else if pyproject != null then
  ofPyproject pyproject {
    extras = names "extras" extras;
    groups = names "groups" groups;
  }
else if requirements == null then
  fail "the argument `requirements` is missing; write `requirements = ./requirements.txt;` or `pyproject = ./pyproject.toml;`"
else if extras != [ ] || groups != [ ] then
  fail "`extras` and `groups` are parts of a project, and `requirements` has none; write the extra of a package as in `flask[async]`, or give `pyproject`"
else
  ofRequirements requirements
