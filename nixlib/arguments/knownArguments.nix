# The arguments of every `mk*` function, with their types (null: checked by the function that uses
# the argument). All of these functions accept all arguments, because an environment is made from
# them.
{ }:

{
  requirements = null;
  pyproject = null;
  extras = null;
  groups = null;
  lock = null;
  lockHash = "string";
  excludeNewer = "string";
  indexUrl = "string";
  pypiData = null;
  resolveWith = "string";
  python = null;
  providers = null;

  packagesExtra = "list";
  overridesPre = "list";
  overridesPost = "list";
  tests = "bool";
  ignoreCollisions = null;
  postBuild = "string";
  cudaVersion = "string";

  _ = "set";
  _fixes = "set";
  _lockedFrom = "list";
  _providerDefaults = "set";
}
