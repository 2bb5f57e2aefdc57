# The Python inputs that a derivation of nixpkgs hands on, replaced by the locked packages of the
# same name, so that an environment holds no package twice.  What is not locked is kept, and gets
# the locked ones in its turn.  A derivation without such inputs stays as it is, so that a binary
# cache has it.
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
  # The names of the locked packages that a locked package depends on, by its name.
  dependencies,
  # The locked packages as derivations, by name.
  locked,
  # Whether changed derivations run their tests.
  tests,
}:
# The name of the locked package that the derivation is part of.
package:
let
  # Whether the package depends on this one: then it can't be an input.
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
          # Seen to by the resolver; and what only the tools of the build bring is not a conflict.
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
