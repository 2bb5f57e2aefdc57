# `pythonWith` and `dockerImageWith`, which differ in their use of the environment.
{
  lib,
  fail,
  mkPython,
  withNames,
}:

select:
withNames {
  names = lib.importJSON ../snapshot/names.json;
  environment =
    selected:
    let
      environment = mkPython (
        if selected == [ ] then
          fail "packages are missing; write their names behind it, as in `flask.requests`"
        else
          {
            requirements = lib.concatStringsSep "\n" selected;
            ignoreCollisions = true;
          }
      );
    in
    {
      drv = select environment;
      inherit (environment) passthru;
    };
}
