# Whether a lock was made for the given requirements and providers: true, or an error with the
# difference.
#
# Dynamic requirements are assumed to match the lock (docs/decisions/0015); the others have to be in
# it.
{
  lib,
  fail,
  renew,
  digest,
  requirementKey,
}:

let
  # The elements of a that are not in b.
  without =
    a: b:
    let
      known = lib.genAttrs b (_: null);
    in
    lib.filter (line: !(known ? ${line})) a;

  listed =
    title: lines:
    lib.optionalString (lines != [ ])
      "${title}:\n${lib.concatMapStrings (line: "    ${line}\n") lines}\n";
in
{
  lock,
  # As returned by requirements/readRequest.nix.
  requirements,
  # Preferences in the form of the lock, or null if none are given.
  providers,
}:
let
  inherit (lock) request;
  intro = what: "the lock file `${toString lock.file}` does not match ${what}\n\n";

  # The recorded lines show the difference, if they match the digest. If they have another form,
  # options and markers cannot be compared, and the rest without regard to case.
  recorded = digest.lines (lib.concatStringsSep "\n" request.requirements);
  exact = digest.digest recorded == request.digest;
  comparable = lines: if exact then lines else lib.filter (line: !(lib.hasPrefix "-" line)) lines;
  key = line: if exact then line else lib.toLower (lib.head (lib.splitString ";" line));
  missingIn =
    a: b:
    let
      known = lib.genAttrs (map key a) (_: null);
    in
    lib.filter (line: !(known ? ${key line})) (comparable b);

  inherit (requirements) isComputed;
  # A lock has no lines of YAML.
  isEnvironment = requirements.isEnvironment or false;
  unknown = without (map requirementKey requirements.lines) (map requirementKey request.requirements);
  new =
    if isEnvironment then
      [ ]
    else if isComputed then
      unknown
    else
      missingIn recorded requirements.lines;
  gone = if isComputed || isEnvironment then [ ] else missingIn requirements.lines recorded;
  isStale = if isComputed then unknown != [ ] else digest.digest requirements.lines != request.digest;
  stale = fail (
    intro "`requirements`"
    + listed "New in the requirements" new
    + listed "No longer in the requirements" gone
    + lib.optionalString isEnvironment "The environment changed.\n\n"
    + lib.optionalString (
      new == [ ] && gone == [ ] && !isEnvironment
    ) "An option, a marker or the way of writing changed, or the lock file was changed by hand.\n\n"
    + "Renew the lock: ${
      renew {
        lock = lock.file;
        inherit (requirements) inputs;
      }
    }"
  );

  # Without `_default` the user leaves it to the lock.
  locked =
    if providers ? _default then
      request.providers
    else
      builtins.removeAttrs request.providers [ "_default" ];
  shown = lib.mapAttrsToList (name: list: "${name} = \"${list}\"");
  otherProviders = fail (
    intro "`providers`"
    + listed "Given" (without (shown providers) (shown locked))
    + listed "Locked" (without (shown locked) (shown providers))
    + "Renew the lock: ${
      renew {
        lock = lock.file;
        inherit (requirements) inputs;
        providers = {
          inherit (request.providers) _default;
        }
        // providers;
      }
    }"
  );
in
if isStale then
  stale
else if providers != null && providers != locked then
  otherProviders
else
  true
