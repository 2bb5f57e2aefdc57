# A local project with locked dependencies, the basis of `buildPythonPackage` and
# `buildPythonApplication`.
#
#     name          in normal form
#     python        the interpreter without the locked packages
#     hasLock       whether the project has a lock of its own
#     requirements  a list, or null where only a build can tell
#     asked         what a build tells: name, version, requirements
#     environment   the arguments of the environment that its lock is for, as `mkPython` takes them
#     packages      the locked packages of that environment, by name
#     build         from the derivations of its dependencies to the derivation
{
  lib,
  pkgs,
  fail,
  typeName,
  normalName,
  requirementKey,
  interpreter,
  lockedPackages,
  readProject,
  readLock,
  targetIndex,
  sourceFolder,
  buildProject,
  dynamicMetadata,
  knownArguments,
}:

let
  ofEnvironment = builtins.removeAttrs knownArguments [
    "ignoreCollisions"
    "packagesExtra"
    "postBuild"
    # These belong to the project itself, and nixpkgs' function has its own `pyproject`.
    "extras"
    "groups"
    "pyproject"
  ];
  ofProject = [
    "extras"
    "pname"
    "requirementsExtra"
    "src"
    "version"
  ];

  # A path, a derivation, or the URL of a folder or archive.
  source =
    src:
    let
      local = builtins.match "file://(/.*)" src;
    in
    if !(lib.isString src) then
      src
    else if lib.hasPrefix "/" src then
      # A string without context is a local file, which builds cannot access; with context it is a
      # store path.
      if builtins.hasContext src || lib.hasPrefix "${builtins.storeDir}/" src then src else /. + src
    else if local != null && builtins.pathExists (lib.head local + "/.") then
      /. + lib.head local
    else if builtins.match "(https?|file)://.*" src != null then
      fetchTarball src
    else
      fail "`${src}` is neither the path of a project nor the address of an archive (https://…); a requirement belongs in `requirements`";

  # The contents of derivations are unknown before they are built.
  isReadable = src: src != null && !(lib.isDerivation src) && builtins.pathExists (src + "/.");

  unknown = {
    name = null;
    version = null;
    requirements = null;
    scripts = [ ];
    buildRequires = [
      "setuptools"
      "wheel"
    ];
  };

  lines = text: lib.filter (line: line != "") (lib.splitString "\n" text);

  # The packages of the interpreter's set that are build requirements of the project.
  ownTools =
    python: requirements:
    lib.concatMap (
      requirement:
      let
        name = normalName (lib.head (builtins.match "[ ]*([A-Za-z0-9._-]+).*" requirement));
      in
      if python.pkgs ? ${name} then
        [ python.pkgs.${name} ]
      # They may not support this interpreter; the build reports that.
      else if lib.hasInfix ";" requirement then
        [ ]
      else
        fail "the build of the project needs `${requirement}`, which the lock lacks and this nixpkgs has not; lock the project itself with `mach-nix lock --pyproject pyproject.toml`"
    ) requirements;
in
function: argument:
let
  args =
    if lib.isAttrs argument && !(lib.isDerivation argument) && !(argument ? outPath) then
      argument
    else if builtins.isPath argument || lib.isString argument || lib.isAttrs argument then
      { src = argument; }
    else
      fail "expected the path of a project, the address of an archive or an attribute set, but got ${
        typeName.${builtins.typeOf argument}
      }; write `{ src = ./.; }`";

  src = source (args.src or (fail "the argument `src` is missing; write `src = ./.;`"));
  extras = lib.toList (args.extras or [ ]);
  project =
    if isReadable src then
      readProject {
        folder = src;
        inherit extras;
      }
    else
      unknown;

  lockFile =
    args.lock or (
      if isReadable src && builtins.pathExists (src + "/mach-nix.lock") then
        src + "/mach-nix.lock"
      else
        null
    );
  lock = if lockFile == null then null else readLock { } lockFile;

  asked = dynamicMetadata (
    {
      python = plain;
      inherit function extras;
      src = if isReadable src then sourceFolder "project" src else src;
      arguments = given;
    }
    // buildNeeds
  );
  told = what: given: if given != null then given else asked.${what};
  name = args.pname or (told "name" project.name);
  version = args.version or (told "version" project.version);

  # The requirements of the project as written in the lock, if they are equal. Dynamic requirements
  # are those of the lock.
  withExtra = list: list ++ lines (args.requirementsExtra or "");
  found = if project.requirements == null then null else withExtra project.requirements;
  locked = lock.request.requirements;
  sameKeys =
    a: b:
    let
      keys = list: lib.unique (lib.sort (x: y: x < y) (map requirementKey list));
    in
    keys a == keys b;
  requirements =
    args.requirements or (lib.concatMapStrings (line: line + "\n") (
      if lock != null && (found == null || sameKeys found locked) then
        locked
      else if found != null then
        found
      else
        withExtra asked.requirements
    ));

  # The file from which `mach-nix lock` reads the project.
  manifest =
    if !(isReadable src) then
      null
    else if builtins.pathExists (src + "/pyproject.toml") then
      [
        "--pyproject"
        "pyproject.toml"
      ]
    else if builtins.pathExists (src + "/setup.cfg") then
      [
        "-r"
        "setup.cfg"
      ]
    else
      null;
  environment =
    builtins.intersectAttrs ofEnvironment args
    // {
      inherit requirements;
    }
    // lib.optionalAttrs (lockFile != null) { lock = lockFile; }
    // lib.optionalAttrs (!(args ? requirements) && manifest != null) {
      _lockedFrom =
        manifest
        ++ lib.concatMap (extra: [
          "--extra"
          extra
        ]) extras;
    };
  plain = interpreter (args.python or null);

  buildLock = lock.project.build or null;
  # One environment for all targets: entries for only some of the targets record theirs.
  index = targetIndex {
    inherit lock;
    python = plain;
    inherit (pkgs.stdenv.hostPlatform) system;
  };
  isServed = package: !(package ? targets) || lib.elem index package.targets;
  buildNeeds = {
    buildPackages = if buildLock == null then [ ] else lib.filter isServed buildLock.packages;
    buildTools = if buildLock == null then ownTools plain project.buildRequires else [ ];
    buildCrates = buildLock.cargo or null;
  };
  main =
    if lib.elem name project.scripts then
      name
    else if lib.length project.scripts == 1 then
      lib.head project.scripts
    else
      null;
  given = builtins.removeAttrs args (lib.attrNames ofEnvironment ++ ofProject);

  localProject = {
    name = normalName name;
    python = plain;
    hasLock = lockFile != null;
    requirements = found;
    asked = asked // {
      requirements = withExtra asked.requirements;
    };
    inherit environment build;
    inherit (lockedPackages environment) packages;
  };

  build =
    dependencies:
    buildProject (
      buildNeeds
      // {
        python = plain;
        inherit
          function
          name
          version
          dependencies
          ;
        src = if isReadable src then sourceFolder (normalName name) src else src;
        tests = args.tests or false;
        arguments = given // {
          meta = lib.optionalAttrs (main != null) { mainProgram = main; } // given.meta or { };
          passthru = given.passthru or { } // {
            inherit requirements;
            # For `packagesExtra`.
            machNix = localProject;
          };
        };
      }
    );
in
localProject
