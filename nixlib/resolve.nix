# From the arguments of a public function to the locked packages for one interpreter, by name.
#
# The only place that knows in which ways a lock can be had.
{
  lib,
  pkgs,
  fail,
}:

let
  readLock = import ./lock/read.nix { inherit lib fail; };
  upToDate = import ./lock/upToDate.nix { inherit lib fail; };
  target = import ./lock/target.nix { inherit lib fail; };
  readRequirements = import ./internal/requirements.nix { inherit lib fail; };
  readProviders = import ./internal/providers.nix { inherit lib fail; };

  missing = name: example: fail "the argument `${name}` is missing; write `${name} = ${example};`";
in
{
  python,
  requirements ? missing "requirements" "./requirements.txt",
  lock ? missing "lock" "./mach-nix.lock",
  providers ? null,
}:
let
  asked = readRequirements requirements;
  data = readLock lock;
in
assert upToDate {
  lock = data;
  requirements = asked;
  providers = if providers == null then null else readProviders providers;
};
target {
  lock = data;
  requirements = asked.path;
  inherit python;
  inherit (pkgs.stdenv.hostPlatform) system;
}
