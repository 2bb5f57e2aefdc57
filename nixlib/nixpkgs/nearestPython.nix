# The interpreter of a package set that is closest to a version, such as "3.12".
#
# The output of a build backend rarely depends on the version, so that another one is better than
# none.
{
  lib,
  pkgs,
  fail,
}:

version:
let
  minor = lib.toInt (lib.elemAt (lib.splitString "." version) 1);

  # A package set may contain a version only to reject it.
  named =
    minor:
    let
      found = builtins.tryEval (
        let
          python = pkgs."python3${toString minor}" or null;
        in
        if lib.isDerivation python && python ? pkgs then builtins.seq python.outPath python else null
      );
    in
    if found.success then found.value else null;

  distance = other: if other < minor then minor - other else other - minor;
  candidates = lib.sort (a: b: distance a < distance b) (lib.range 7 30);
  found = lib.filter (python: python != null) (map named candidates);
in
if found == [ ] then
  fail "the package set has none of `python37` to `python330`; use another nixpkgs"
else
  lib.head found
