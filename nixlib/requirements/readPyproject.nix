# The requirement lines of a pyproject.toml, in the form of the digest, and its text: the project's
# dependencies (PEP 621), those of the selected extras, and the selected groups (PEP 735). The crate
# `manifest` records the same lines, as tested by tests/end-to-end.
#
# Dynamic requirements are not among the lines: then `isComputed` is true, and the lines are those
# of the groups.
#
# The command reports errors in a file, with line and column, when it creates the lock.
{
  lib,
  fail,
  typeName,
  normalName,
  digest,
}:

let
  normalKeys = lib.mapAttrs' (name: lib.nameValuePair (normalName name));

  # `name[extra,…]` at the beginning of a requirement.
  parts =
    requirement:
    let
      found = builtins.match "[[:space:]]*([A-Za-z0-9._-]+)[[:space:]]*(\\[([^]]*)])?.*" requirement;
    in
    if found == null then
      {
        name = "";
        extras = [ ];
      }
    else
      {
        name = normalName (lib.head found);
        extras = lib.filter (extra: extra != "") (
          map (extra: normalName (lib.replaceStrings [ " " "\t" ] [ "" "" ] extra)) (
            lib.splitString "," (if lib.elemAt found 2 == null then "" else lib.elemAt found 2)
          )
        );
      };

  isReference = requirement: builtins.match "[^;]*@[^;]*" requirement != null;

  # Whether the requirements of the project itself are dynamic.
  computed =
    data: extras:
    let
      dynamic = data.project.dynamic or [ ];
    in
    if data ? project then
      lib.elem "dependencies" dynamic || (extras != [ ] && lib.elem "optional-dependencies" dynamic)
    else
      data ? build-system && (data.tool.poetry.package-mode or true);

  optionalOf = data: normalKeys (data.project.optional-dependencies or { });
  # Those of PEP 735, and what uv and PDM had before it.
  groupsOf =
    data:
    builtins.zipAttrsWith (_: lib.concatLists) [
      (normalKeys (data.dependency-groups or { }))
      (lib.optionalAttrs (data ? tool.uv.dev-dependencies) { dev = data.tool.uv.dev-dependencies; })
      (normalKeys (data.tool.pdm.dev-dependencies or { }))
    ];

  # All requirement strings of the selection.
  strings =
    data:
    { extras, groups }:
    let
      project = data.project or { };
      own = if project ? name then normalName project.name else null;
      optional = optionalOf data;
      dependencyGroups = groupsOf data;

      ofExtra =
        open: extra:
        if lib.elem extra open then
          [ ]
        else
          lib.concatMap (ofRequirement (open ++ [ extra ])) (
            optional.${extra} or (fail "the project has no extra `${extra}`${known optional}")
          );

      # The project's own name with extras stands for the dependencies of these extras.
      ofRequirement =
        open: requirement:
        let
          inherit (parts requirement) name extras;
        in
        [ requirement ]
        ++ lib.optionals (name == own && !(isReference requirement)) (lib.concatMap (ofExtra open) extras);

      ofGroup =
        open: group:
        if lib.elem group open then
          fail "the group `${group}` includes itself"
        else
          lib.concatMap (
            member:
            if builtins.isString member then
              ofRequirement [ ] member
            else
              ofGroup (open ++ [ group ]) (normalName member.include-group)
          ) (dependencyGroups.${group} or (fail "there is no group `${group}`${known dependencyGroups}"));
    in
    lib.optionals (!(computed data extras)) (
      lib.concatMap (ofRequirement [ ]) (project.dependencies or [ ])
      ++ lib.concatMap (ofExtra [ ]) (map normalName extras)
    )
    ++ lib.concatMap (ofGroup [ ]) (map normalName groups);

  known =
    set:
    lib.optionalString (set != { })
      "; there are ${lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames set)}";
in
path: selection:
let
  text = builtins.readFile path;
  data = builtins.fromTOML text;
  read = selection: {
    lines = digest.lines (lib.concatStringsSep "\n" (strings data selection));
    isComputed = computed data selection.extras;
  };
in
if !builtins.isPath path then
  fail "`pyproject` must be the path of a pyproject.toml, but is ${typeName.${builtins.typeOf path}}"
else if !builtins.pathExists path then
  fail "there is no file `${toString path}` for `pyproject` (in a flake, `git add` it)"
else
  read selection
  // {
    inherit text;
    whole = read {
      extras = lib.attrNames (optionalOf data);
      groups = lib.attrNames (groupsOf data);
    };
  }
