# The environments themselves are tested in environment/pythonByNames.test.nix.
{ lib, machNix, ... }:

{
  "packages by name" = {
    expr = map lib.isDerivation [
      machNix.pythonWith.requests
      machNix.pythonWith.jupyterlab.python-dateutil
    ];
    expected = [
      true
      true
    ];
  };
  "without names" = {
    expr = machNix.pythonWith.drvPath;
    expectedError.msg = "mach-nix.pythonWith: packages are missing";
  };
  "a name that the snapshot does not have" = {
    expr = machNix.pythonWith ? no-such-package;
    expected = false;
  };
}
