# Rejects unknown arguments and those of a wrong type, and returns the others under their current
# names. A function pattern would reject unknown arguments as well, but the error of Nix names
# neither the public function nor its arguments.
#
# `known` maps every argument to a type as in `builtins.typeOf`, or to null for any type.
{
  lib,
  fail,
  typeName,
  nearest,
  formerArguments,
}:

let
  quoted = names: lib.concatMapStringsSep ", " (name: "`${name}`") names;
  warn = message: lib.warn "mach-nix: ${message}";

  present =
    arguments:
    lib.foldl' (
      done: name:
      let
        new = formerArguments.renamed.${name};
        value = new.value arguments.${name};
      in
      if arguments ? ${new.name} then
        fail "`${name}` is the former name of `${new.name}`, and both are given; leave out `${name}`"
      else
        warn "`${name}` is now called `${new.name}`" (
          builtins.removeAttrs done [ name ] // { ${new.name} = value; }
        )
    ) arguments (lib.attrNames (builtins.intersectAttrs formerArguments.renamed arguments));

  withoutIgnored =
    arguments:
    lib.foldl' (
      done: name:
      warn "`${name}` has no meaning any more: ${formerArguments.ignored.${name}}" (
        builtins.removeAttrs done [ name ]
      )
    ) arguments (lib.attrNames (builtins.intersectAttrs formerArguments.ignored arguments));
in
known: arguments:
let
  given = withoutIgnored (present arguments);
  names = lib.attrNames known;
  unknown = lib.attrNames (builtins.removeAttrs given names);
  removed = lib.filter (name: formerArguments.removed ? ${name}) unknown;
  meant = nearest names (lib.head unknown);

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
else if removed != [ ] then
  fail "the argument `${lib.head removed}` is gone: ${formerArguments.removed.${lib.head removed}}"
else if unknown != [ ] then
  fail (
    "unknown argument ${quoted unknown}; "
    + (if meant != null then "did you mean `${meant}`?" else "the arguments are ${quoted names}")
  )
else
  lib.mapAttrs checked given
