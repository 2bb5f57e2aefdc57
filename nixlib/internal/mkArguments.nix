# The arguments of every `mk*` function, with their types (null: the function that uses the argument
# judges it).  All of them take all: what is made of an environment is made of its arguments.
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
