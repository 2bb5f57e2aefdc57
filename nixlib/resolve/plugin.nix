# A lock that the evaluator plugin resolves over a snapshot, in the process of Nix.
{ lib, fail }:

{
  asked,
  python,
  system,
  providers,
  excludeNewer,
  pypiData,
}:
let
  resolve =
    builtins.machNixResolve
      or (fail "`resolveWith` is `\"plugin\"`, and this Nix has no `builtins.machNixResolve`; load the plugin with the setting `plugin-files`");
in
resolve (
  asked.request
  // {
    python = python.pythonVersion;
    inherit system;
    pypiData = "${pypiData}";
  }
  // lib.optionalAttrs (providers != null) { inherit providers; }
  // lib.optionalAttrs (excludeNewer != null) { inherit excludeNewer; }
)
// {
  file = "the answer of the evaluator plugin";
}
