# The Python modules among derivations and all that they require: the interpreter, they themselves, and the rest, nearest first.
#
# As `requiredPythonModules` of nixpkgs, which compares each module of each package with all others: with 500 packages that is most of
# the evaluation. Here a package of the lock has its direct dependencies (`directPythonModules`), and each is seen once.
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
