# Reads a lock file and validates the parts that all its users rely on. Unknown fields are ignored,
# because a version of the format may add some.
#
# The expression written by `mach-nix gen` contains a lock itself. It passes the contents of the
# lock, with its own path as `file`.
{
  lib,
  fail,
  renew,
  lockedFrom,
  typeName,
  validLock,
}:

{
  # As returned by requirements/readRequest.nix, or null with only a lock.
  asked ? null,
  # The command-line arguments for the inputs, if the caller knows them: see ./lockedFrom.nix.
  inputs ? null,
}:
let
  # The supported version of the format.
  version = 1;

  show = value: typeName.${builtins.typeOf value};

  withoutSpace = lib.replaceStrings [ " " "\t" "\r" "\n" ] [ "" "" "" "" ];
in
lock:
let
  # The lock may be unreadable.
  renewal =
    changes:
    renew (
      {
        inputs =
          if inputs != null then
            inputs
          else
            lockedFrom {
              inherit asked;
              lock = if isRead then lock.file else lock;
            };
        lock = if isRead then lock.file else lock;
      }
      // changes
    );
  command = renewal { };
  checkFile =
    path:
    if builtins.isPath path || (builtins.isString path && lib.hasPrefix "/" path) then
      if builtins.pathExists path then
        path
      else
        fail "there is no lock file `${toString path}`; make it with ${command} (in a flake, also `git add` it)"
    else
      fail "`lock` must be the path of a lock file such as `./mach-nix.lock`, but is ${show path}";
  isRead = lib.isAttrs lock && lock ? file;
  file = if isRead then lock.file else checkFile lock;
  text = builtins.readFile file;
  malformed =
    what: fail "the lock file `${toString file}` is malformed: ${what}; make it again with ${command}";

  # The error of `fromJSON` names neither the file nor the usual cause.
  data =
    if isRead then
      lock
    else if lib.replaceStrings [ "<<<<<<< " ] [ "" ] text != text then
      malformed "it holds the marks of an unfinished merge"
    else if !(lib.hasPrefix "{" (withoutSpace (lib.substring 0 100 text))) then
      malformed "it is not a JSON object"
    else
      builtins.addErrorContext "while reading the lock file `${toString file}`" (builtins.fromJSON text);

  field =
    where: type: name: value:
    if !lib.isAttrs value then
      malformed "${where} must be an object, but is ${show value}"
    else if !(value ? ${name}) then
      malformed "${where} has no `${name}`"
    else if builtins.typeOf value.${name} != type then
      malformed "`${name}` of ${where} must be ${typeName.${type}}, but is ${show value.${name}}"
    else
      true;

  ofTop = field "the top level";
  ofRequest = field "`request`";
  target =
    value: field "a target" "string" "python" value && field "a target" "string" "system" value;
  packageFields = [
    "name"
    "version"
    "provider"
  ];
  isConda = value: builtins.substring 0 6 value.provider == "conda/";
  condaFields = [
    "build"
    "channel"
    "file"
    "hash"
    "subdir"
    "url"
  ];
  # A fast check of sound entries; `package` names the error of others.
  arePackages =
    list:
    lib.all lib.isAttrs list
    && lib.all (
      name:
      let
        values = lib.catAttrs name list;
      in
      lib.length values == lib.length list && lib.all lib.isString values
    ) packageFields;
  package =
    value:
    let
      where = if value ? name then "package `${toString value.name}`" else "a package";
    in
    lib.all (name: field where "string" name value) packageFields
    && (!(isConda value) || lib.all (name: field where "string" name value) condaFields);

  versioned =
    if !(ofTop "int" "version" data) then
      null
    else if data.version > version then
      fail "the lock file `${toString file}` has format version ${toString data.version}, but this mach-nix understands versions up to ${toString version}; upgrade mach-nix"
    else if data.version < 1 then
      malformed "there is no format version ${toString data.version}"
    else
      data;

  sound =
    ofTop "set" "request" versioned
    && ofTop "list" "targets" versioned
    && ofTop "list" "packages" versioned
    && ofRequest "list" "requirements" versioned.request
    && ofRequest "string" "digest" versioned.request
    && ofRequest "set" "providers" versioned.request
    && lib.all target versioned.targets
    && (arePackages versioned.packages || lib.all package versioned.packages)
    && lib.all package (lib.filter isConda versioned.packages)
    && isValid;

  isValid =
    let
      problem = validLock.problem versioned;
    in
    problem == null || malformed problem;

  # The command that updates a package to the current nixpkgs; the rest of the request is unchanged.
  upgradeOf =
    name:
    renewal {
      pythons = lib.unique (map (target: target.python) versioned.targets);
      systems = lib.unique (map (target: target.system) versioned.targets);
      inherit (versioned.request) providers;
      upgrade = [ name ];
    };

  # Paths are relative to the lock file.
  isRooted = package: package ? path || package ? build || package.provider or null == "nixpkgs";
  rooted =
    package:
    if isRooted package then
      package
      // lib.optionalAttrs (package ? path) { folder = dirOf file; }
      # Of conda packages this is a text, and their address may be a path.
      // lib.optionalAttrs (package ? build) (
        if lib.isAttrs package.build then
          { build = rootedBuild package.build; }
        else
          { folder = dirOf file; }
      )
      // lib.optionalAttrs (package.provider or null == "nixpkgs") { renewal = upgradeOf package.name; }
    else
      package;
  allRooted = list: if lib.any isRooted list then map rooted list else list;
  rootedBuild = build: build // { packages = allRooted build.packages; };
in
assert sound;
versioned
// {
  inherit file;
  packages = allRooted versioned.packages;
}
// lib.optionalAttrs (versioned ? project) {
  project = versioned.project // {
    build = rootedBuild versioned.project.build;
  };
}
