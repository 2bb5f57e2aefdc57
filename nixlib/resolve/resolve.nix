# From the arguments of a public function to the locked packages for one interpreter, by name, and the environment variables of
# its shells.
#
# The only file that knows the ways to obtain a lock, and chooses one:
#
# - `lock`: a lock file. Nothing is run, and its request is compared with the given one;
# - `ifd`: a derivation whose output is imported (import from derivation), over a snapshot;
# - `fixed-output`: a derivation with network, whose output has the hash `lockHash`.
{
  lib,
  pkgs,
  fail,
  pypiData,
  upToDate,
  target,
  command,
  lockedFrom,
  readRequest,
  readProviders,
  localReferences,
  subset,
  targetIndex,
  namedForNixpkgs,
  plugin,
  importFromDerivation,
  fixedOutput,
  readLock,
}:

let
  ways = [
    "lock"
    "plugin"
    "ifd"
    "fixed-output"
  ];
  importData = pypiData;
in
{
  python,
  requirements ? null,
  pyproject ? null,
  extras ? null,
  groups ? null,
  lock ? null,
  lockHash ? null,
  excludeNewer ? null,
  indexUrl ? null,
  pypiData ? importData,
  resolveWith ? null,
  providers ? null,
  # The arguments of the command that made the lock, if they do not follow from the others.
  _lockedFrom ? null,
}:
let
  inherit (pkgs.stdenv.hostPlatform) system;
  # With `lock` alone, use it as is.
  asked =
    if lock != null && requirements == null && pyproject == null then
      null
    else
      readRequest {
        inherit
          requirements
          pyproject
          ;
        extras = listOf extras;
        groups = listOf groups;
      };
  listOf = names: if names == null then [ ] else names;
  # `read` is the lock, if there is one.
  inputs =
    read:
    if _lockedFrom != null then
      _lockedFrom
    # `mach-nix lock` finds the project itself.
    else if read ? parts then
      [ ]
    else
      lockedFrom {
        inherit asked;
        lock = read;
      };
  lockCommand = command (
    [
      "mach-nix"
      "lock"
    ]
    ++ inputs null
  );
  preferences = if providers == null then null else readProviders providers;

  way =
    if resolveWith != null then
      resolveWith
    else if lock != null then
      "lock"
    else if lockHash != null then
      "fixed-output"
    else if builtins ? machNixResolve then
      "plugin"
    else
      "ifd";

  request = {
    inherit asked python system;
    providers = preferences;
    inherit excludeNewer;
    named = namedForNixpkgs {
      inherit asked;
      providers = preferences;
    };
  };
  data =
    if pypiData == null then
      fail "there is no `lock`, and no snapshot to resolve with; make a lock file with ${lockCommand} and write `lock = ./mach-nix.lock;`, or give `pypiData`"
    else
      pypiData;

  checked =
    locked:
    assert
      asked == null
      || upToDate {
        lock = locked;
        requirements = (if locked ? parts then asked.whole or asked else asked) // {
          inputs = inputs locked;
        };
        providers = preferences;
      };
    locked;

  # Without builds and a local file, only the lock has the requirements.
  withoutLock =
    let
      remedy = "make a lock file with ${lockCommand} and write `lock = ./mach-nix.lock;`";
    in
    if asked.isComputed then
      fail "only a build can tell what the project requires; ${remedy}"
    else if localReferences asked != [ ] then
      fail "`${lib.head (localReferences asked)}` is on this machine, where only a lock file can lead; ${remedy}"
    else if excludeNewer != null && builtins.match "[0-9]{4}-.*" excludeNewer == null then
      fail "`excludeNewer` is `${excludeNewer}`, which would mean another day with every evaluation; write a date, as in `excludeNewer = \"2026-11-01\";`"
    else
      true;

  found = {
    lock =
      if lock == null then
        fail "`resolveWith` is `\"lock\"`, and there is no `lock`; make one with ${lockCommand} and write `lock = ./mach-nix.lock;`"
      else
        checked (
          readLock {
            inherit asked;
            inputs = _lockedFrom;
          } lock
        );
    plugin = builtins.seq data (plugin (request // { pypiData = data; }));
    ifd = builtins.seq data (importFromDerivation (request // { pypiData = data; }));
    fixed-output = fixedOutput (
      request
      // {
        lockHash = if lockHash == null then "" else lockHash;
        inherit indexUrl;
      }
    );
  };
in
if lock != null && lockHash != null then
  fail "both `lock` and `lockHash` are given; give one of them"
else if !(lib.elem way ways) then
  fail "`resolveWith` must be one of ${
    lib.concatMapStringsSep ", " (way: "`\"${way}\"`") ways
  }, but is `${toString way}`"
else
  let
    locked = if way == "lock" then found.lock else builtins.seq withoutLock found.${way};
  in
  {
    # Environment variables of shells.
    variables = locked.request.variables or { };
    # A lock of all parts is used for those that are selected; without any selection, for all.
    packages =
      (
        if locked ? parts && (asked != null || extras != null || groups != null) then
          subset {
            lock = locked;
            index = targetIndex {
              lock = locked;
              inherit python system;
            };
            extras = listOf extras;
            groups = listOf groups;
          }
        else
          lib.id
      )
        (target {
          lock = locked;
          inputs = inputs locked;
          inherit python system;
        });
  }
