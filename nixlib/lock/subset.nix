# The packages of a lock that some parts of a project need: the project itself, and these extras and groups.
#
# A lock with `parts` is for all of them.  What the parts require is recorded as nodes, `flask` and `flask[async]`; `needs`
# of an entry has the edges of its nodes, and without it, `dependencies` are the edges of its only one.
{
  lib,
  fail,
  normalName,
}:

{
  lock,
  # The place of the target: see ./targetIndex.nix.
  index,
  extras,
  groups,
}:
# The packages for the target, by name.
packages:
let
  inherit (lock) parts;

  known = set: lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames set);
  members =
    what: set: name:
    set.${normalName name} or (fail "the lock file `${toString lock.file}` has no ${what} `${name}`${
      lib.optionalString (set != { }) "; there are ${known set}"
    }");

  required =
    parts.project
    ++ lib.concatMap (members "extra" (parts.extras or { })) extras
    ++ lib.concatMap (members "group" (parts.groups or { })) groups;
  isHere = root: lib.isString root || lib.elem index root.targets;
  roots = map (root: if lib.isString root then root else root.node) (lib.filter isHere required);

  needs = lib.foldl' (all: package: all // nodes package) { } (lib.attrValues packages);
  nodes = package: package.needs or { ${package.name} = package.dependencies or [ ]; };

  keys = map (key: {
    inherit key;
  });
  reached = builtins.genericClosure {
    startSet = keys roots;
    operator = { key }: keys (needs.${key} or [ ]);
  };
  nameOf = node: lib.head (lib.splitString "[" node);
  byName = lib.groupBy nameOf (map (node: node.key) reached);

  part =
    name: package:
    let
      edges = lib.concatMap (node: needs.${node} or [ ]) byName.${name};
      names = lib.unique (lib.filter (other: other != name) (map nameOf edges));
    in
    if package ? needs then
      package // { dependencies = lib.filter (other: lib.elem other names) package.dependencies; }
    else
      package;
in
lib.mapAttrs part (builtins.intersectAttrs byName packages)
