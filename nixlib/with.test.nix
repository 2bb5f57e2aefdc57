# The environments themselves are tested in environment/pythonByNames.test.nix.
{ lib, machNix, ... }:

{
  "packages by name" = {
    expr = map lib.isDerivation [
      machNix."with".requests
      machNix."with".jupyterlab.python-dateutil
    ];
    expected = [
      true
      true
    ];
  };
  "without names" = {
    expr = machNix."with".drvPath;
    expectedError.msg = "mach-nix.with: packages are missing";
  };
  "a name that the snapshot does not have" = {
    expr = machNix."with" ? no-such-package;
    expected = false;
  };
}
