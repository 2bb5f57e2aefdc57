# The propagated Python inputs of a nixpkgs derivation, replaced by the locked packages of the same
# names, so that an environment contains no package twice. Inputs that are not locked are preserved,
# and get the locked packages in turn. A derivation without such inputs is unchanged, so that a
# binary cache has it.
{
  lib,
  normalName,
  isModule,
  compat,
}:

let
  inherit (compat) overrideAttrs;

in
{
  # The interpreter without the overlay.
  python,
  # The names of the locked dependencies of a locked package, by its name.
  dependencies,
  # The locked packages as derivations, by name.
  locked,
  # Whether changed derivations run their tests.
  tests,
}:
# The name of the locked package that the derivation is part of.
package:
let
  # Whether the package depends on this one, which then cannot be an input.
  needsPackage =
    name:
    lib.any (found: found.key == package) (
      builtins.genericClosure {
        startSet = [ { key = name; } ];
        operator = found: map (key: { inherit key; }) dependencies.${found.key};
      }
    );

  replaced =
    drv:
    let
      name = normalName (drv.pname or (lib.getName drv));
    in
    if !(isModule drv) then
      [ drv ]
    else if !(dependencies ? ${name}) then
      [ (withInputs drv) ]
    else
      lib.optional (!(needsPackage name)) locked.${name};

  withInputs =
    drv:
    let
      old = drv.propagatedBuildInputs or [ ];
      new = lib.concatMap replaced old;
      changed = overrideAttrs python (
        _:
        {
          propagatedBuildInputs = new;
          # Ensured by the resolver; and packages that only build tools propagate are not a
          # conflict.
          dontCheckRuntimeDeps = true;
          dontUsePythonCatchConflicts = true;
        }
        // lib.optionalAttrs (!tests) { doInstallCheck = false; }
        // lib.optionalAttrs (lib.length new < lib.length old) { dontUsePythonImportsCheck = true; }
      ) drv;
    in
    if new == old then drv else changed;
in
withInputs
