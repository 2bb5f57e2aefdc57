# The arguments from which an overlay is made, with their types (null: the function that uses the
# argument judges it).  Everything that makes an overlay takes these.
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
}
