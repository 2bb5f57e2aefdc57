# The environments themselves are tested in environment/pythonByNames.test.nix.
{ lib, machNix, ... }:

{
  "packages by name" = {
    expr = map lib.isDerivation [
      machNix.dockerImageWith.requests
      machNix.dockerImageWith.jupyterlab.python-dateutil
    ];
    expected = [
      true
      true
    ];
  };
  "without names" = {
    expr = machNix.dockerImageWith.drvPath;
    expectedError.msg = "mach-nix.dockerImageWith: packages are missing";
  };
  "a name that the snapshot does not have" = {
    expr = machNix.dockerImageWith ? no-such-package;
    expected = false;
  };
}
