# The arguments from which an overlay is made, with their types (null: the function that uses the
# argument judges it).  Everything that makes an overlay takes these.
{
  requirements = null;
  lock = null;
  python = null;
  providers = null;
}
