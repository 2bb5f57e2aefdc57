# The query to the resolver, as data: the fields that `mach-nix lock --query` and the evaluator plugin take
# (docs/protocol.md).
{ lib }:

{
  # As requirements/readRequest.nix gives it.
  asked,
  python,
  system,
  # Preferences in the form of the lock, or null.
  providers,
  excludeNewer,
  ...
}:
asked.request
// {
  python = python.pythonVersion;
  inherit system;
}
// lib.optionalAttrs (providers != null) { inherit providers; }
// lib.optionalAttrs (excludeNewer != null) { inherit excludeNewer; }
