# An entry of the lock from nixpkgs: nixpkgs' own derivation.
{
  fail,
  lockedInputs,
  pythonAttribute,
}:

{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock, and the command that renews it.
  package,
  # Further arguments of overlay/lockedInputs.nix.
  dependencyNames,
  locked,
  tests,
}:
let
  inherit (package) name version;
  attribute = package.attribute or name;
  what = "package `${name}` is locked from nixpkgs (`${pythonAttribute python.pythonVersion}.pkgs.${attribute}`)";
  renew = "renew the lock with ${package.renewal}";

  drv =
    python.pkgs.${attribute} or (fail "${what}, but this nixpkgs has no such attribute; ${renew}");
in
# `compareVersions` treats 2024.02.02 and 2024.2.2 as equal.
if builtins.compareVersions drv.version version != 0 then
  fail "${what} with version ${version}, but this nixpkgs has version ${drv.version}; ${renew}, or use the nixpkgs that it was made with"
else
  lockedInputs {
    inherit python locked tests;
    dependencies = dependencyNames;
  } name drv
