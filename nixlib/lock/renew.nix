# The command that makes a lock anew, for the end of error messages.
{ lib }:

let
  # A file that was copied into the store has its hash before the name.
  plainName =
    file:
    let
      name = baseNameOf (toString file);
      stored = builtins.match "[0-9a-z]{32}-(.*)" name;
    in
    builtins.unsafeDiscardStringContext (if stored == null then name else lib.head stored);

  flags =
    name: values:
    lib.concatMap (value: [
      name
      value
    ]) values;
in
{
  # A path, or null where the requirements were given as text.
  requirements,
  lock,
  pythons ? [ ],
  systems ? [ ],
  # Preferences in the form of the lock.
  providers ? { },
}:
let
  requirementsName = if requirements == null then "requirements.txt" else plainName requirements;
  lockName = plainName lock;
  preferences = builtins.removeAttrs providers [ "_default" ];
in
"`${
  lib.concatStringsSep " " (
    [
      "mach-nix"
      "lock"
      "-r"
      requirementsName
    ]
    ++ lib.optionals (lockName != "mach-nix.lock") [
      "-o"
      lockName
    ]
    ++ flags "--python" pythons
    ++ flags "--system" systems
    ++ lib.optionals (providers ? _default) [
      "--providers"
      providers._default
    ]
    ++ flags "--provider" (lib.mapAttrsToList (name: list: "${name}=${list}") preferences)
  )
}`"
