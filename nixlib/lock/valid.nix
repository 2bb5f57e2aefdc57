# The problem of an entry of a lock, or null: by ./valid.json, which the command reads, too.
{ lib, typeName }:

let
  # Read so that an expression of `mach-nix gen` has it, too.
  rules = builtins.fromJSON (builtins.readFile ./valid.json);

  matches = kind: value: builtins.match rules.kinds.${kind}.pattern value != null;

  # The first problem of the fields of an object.
  ofFields =
    kinds: where: object:
    let
      known = builtins.intersectAttrs kinds object;
      isWrong =
        field:
        let
          value = known.${field};
        in
        !(lib.isString value && matches kinds.${field} value);
      wrong = lib.filter isWrong (lib.attrNames known);
      field = lib.head wrong;
    in
    if wrong == [ ] then
      null
    else
      "`${field}` of ${where} must be ${
        rules.kinds.${kinds.${field}}.what
      }, but is ${shown known.${field}}";

  shown =
    value:
    if lib.isString value then "`${lib.substring 0 60 value}`" else typeName.${builtins.typeOf value};

  # The first source whose condition holds.
  sourceOf =
    package:
    lib.findFirst (
      source:
      package ? ${source.field} && (!(source ? prefix) || lib.hasPrefix source.prefix package.provider)
    ) null rules.sources;

  lacking =
    where: package:
    let
      missing = lib.filter (field: !(package ? ${field})) (sourceOf package).required;
    in
    if missing == [ ] then null else "${where} has no `${lib.head missing}`";

  firstOf = lib.findFirst (problem: problem != null) null;

  # A folder outside of that of the lock is copied into the store only where a requirement names it.
  unnamed =
    requirements: where: package:
    let
      path = package.path or "";
      isNamed = lib.any (
        line:
        let
          # `NAME @ PATH#FRAGMENT ; MARKER`
          named = builtins.match "[^@]* @ ([^#;]*[^#; ]).*" line;
        in
        named != null && lib.head named == path
      ) requirements;
    in
    if package ? hash || !(lib.hasPrefix ".." path || lib.hasPrefix "/" path) || isNamed then
      null
    else
      "`path` of ${where} leads to `${path}`, which no requirement of the lock names";

  # With the entries of its build environment.
  ofPackage =
    requirements: package:
    let
      where = "package `${toString package.name}`";
      build = package.build or null;
    in
    firstOf [
      (ofFields (rules.package // (sourceOf package).kinds or { }) where package)
      (lacking where package)
      (if package ? git then ofGit where package.git else null)
      (unnamed requirements where package)
      (
        if lib.isAttrs build then
          ofBuild requirements build
        else if package ? build && !(lib.hasPrefix "conda/" package.provider) then
          "`build` of ${where} must be an object, but is ${shown build}"
        else
          null
      )
    ];

  ofGit =
    where: git:
    if !(lib.isAttrs git) then
      "`git` of ${where} must be an object, but is ${shown git}"
    else if !(git ? url && git ? rev) then
      "`git` of ${where} must have `url` and `rev`"
    else
      ofFields rules.git where git;

  # A crate is named in another program's lock.
  ofCrate =
    crate:
    if !(lib.isAttrs crate && crate ? name && crate ? version && crate ? url && crate ? hash) then
      "a crate must be an object with `name`, `version`, `url` and `hash`"
    else
      ofFields rules.crate "crate `${toString crate.name}`" crate;

  ofBuild =
    requirements: build:
    firstOf (map (ofPackage requirements) (build.packages or [ ]) ++ map ofCrate (build.cargo or [ ]));
in
{
  # Of the entries of a lock, whose fields `name`, `version` and `provider` are strings.
  problem =
    lock:
    firstOf (
      map (ofPackage lock.request.requirements) lock.packages
      ++ lib.optional (lock ? project) (ofBuild lock.request.requirements lock.project.build)
    );
}
