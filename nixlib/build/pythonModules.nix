# The Python modules in the closure of derivations: the interpreter, the derivations, and their
# requirements, nearest first.
#
# Equivalent to `requiredPythonModules` of nixpkgs, which compares each module of each package with
# all others: with 500 packages that is most of the evaluation. Here a locked package has its direct
# dependencies (`directPythonModules`), and each is visited once.
{ lib }:

# The interpreter.
python: drvs:
let
  isModule = drv: drv ? pythonModule && drv.pythonModule == python;
  entry = drv: {
    key = builtins.unsafeDiscardStringContext drv.outPath;
    inherit drv;
  };
  entries = list: map entry (lib.filter isModule list);
in
map (entry: entry.drv) (
  builtins.genericClosure {
    startSet = [ (entry python) ] ++ entries drvs;
    operator = { drv, ... }: entries (drv.directPythonModules or (drv.requiredPythonModules or [ ]));
  }
)
