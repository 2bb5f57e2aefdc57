# The query to the resolver, as data: the fields of `mach-nix lock --query` and of the evaluator
# plugin (docs/protocol.md).
{ lib }:

{
  # As returned by requirements/readRequest.nix.
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
