# The command that renews a lock, for the end of error messages.
{
  lib,
  command,
  plainName,
}:

let
  flags =
    name: values:
    lib.concatMap (value: [
      name
      value
    ]) values;
in
{
  # The command-line arguments for the inputs: see ./lockedFrom.nix.
  inputs,
  lock,
  pythons ? [ ],
  systems ? [ ],
  # Preferences in the form of the lock.
  providers ? { },
  # The packages to upgrade.
  upgrade ? [ ],
}:
let
  lockName = plainName lock;
  isExpression = lib.hasSuffix ".nix" lockName;
  preferences = builtins.removeAttrs providers [ "_default" ];
in
command (
  [
    "mach-nix"
    # The expression written by `mach-nix gen` contains a lock.
    (if isExpression then "gen" else "lock")
  ]
  ++ inputs
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
  ++ map (name: "--upgrade=${name}") upgrade
)
