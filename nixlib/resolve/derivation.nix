# A derivation that runs `mach-nix lock --query`.
{
  lib,
  pkgs,
  fail,
  package,
  mach-nix,
}:

let
  program =
    if package == null || lib.isDerivation package then "${mach-nix}/bin/mach-nix" else "${package}";
in
{
  # As returned by ./query.nix, with the sources of its answer.
  query,
  # Additional attributes of the derivation.
  attributes,
  # The end of the builder, where `status` is the exit code of the command. The file `answer`
  # contains the answer, `lock` the lock file if there is one, and `report` the standard error.
  finish,
}:
if
  package != null
  && !(lib.isDerivation package)
  && !(builtins.isPath package)
  && !(builtins.isString package)
then
  fail "`package` of the import must be a derivation with bin/mach-nix or the path of that program"
else
  pkgs.runCommand attributes.name
    (
      {
        query = builtins.toJSON query;
        passAsFile = [ "query" ];
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      // builtins.removeAttrs attributes [ "name" ]
    )
    ''
      export HOME=$PWD MACH_NIX_CACHE_DIR=$PWD/cache
      status=0
      ${program} lock --query "$queryPath" --output lock >answer 2>report || status=$?
      ${finish}
    ''
