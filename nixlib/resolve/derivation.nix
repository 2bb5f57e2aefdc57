# A derivation that runs `mach-nix lock`: its output is the lock file.
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
  # As requirements/readRequest.nix gives it.
  asked,
  python,
  system,
  # Preferences in the form of the lock, or null.
  providers,
  excludeNewer,
  # Further arguments of the command: a list of words.
  options,
  # Attributes of the derivation besides.
  attributes,
  # The end of the builder, where `status` is the exit code of the command, and its standard error is in the
  # file `report`.
  finish,
}:
let
  values =
    option:
    lib.concatMap (value: [
      option
      value
    ]);
  words = [
    "lock"
    (if asked.file.name == "pyproject.toml" then "--pyproject" else "-r")
    asked.file.name
  ]
  # The file is under its own name; what follows are the extras and groups.
  ++ lib.drop 2 asked.inputs
  ++ [
    "--python"
    python.pythonVersion
    "--system"
    system
  ]
  ++ lib.optionals (providers != null && providers ? _default) [
    "--providers"
    providers._default
  ]
  ++ values "--provider" (
    lib.mapAttrsToList (name: list: "${name}=${list}") (
      builtins.removeAttrs (if providers == null then { } else providers) [ "_default" ]
    )
  )
  ++ lib.optionals (excludeNewer != null) [
    "--exclude-newer"
    excludeNewer
  ]
  ++ options;
in
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
        requirements = asked.file.text;
        passAsFile = [ "requirements" ];
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      // builtins.removeAttrs attributes [ "name" ]
    )
    ''
      cp "$requirementsPath" ${asked.file.name}
      export HOME=$PWD MACH_NIX_CACHE_DIR=$PWD/cache
      status=0
      ${program} ${lib.escapeShellArgs words} --output lock 2>report || status=$?
      ${finish}
    ''
