# A lock that the evaluator plugin resolves over a snapshot, in the process of Nix.
{
  lib,
  fail,
  inRounds,
}:

{
  asked,
  python,
  system,
  providers,
  excludeNewer,
  pypiData,
  named,
}:
let
  resolve =
    builtins.machNixResolve
      or (fail "`resolveWith` is `\"plugin\"`, and this Nix has no `builtins.machNixResolve`; load the plugin with the setting `plugin-files`");
in
inRounds {
  inherit python;
  names = named;
  ask =
    inventory:
    resolve (
      asked.request
      // {
        python = python.pythonVersion;
        inherit system;
        pypiData = "${pypiData}";
        nixpkgsInventory = builtins.fromJSON inventory;
      }
      // lib.optionalAttrs (providers != null) { inherit providers; }
      // lib.optionalAttrs (excludeNewer != null) { inherit excludeNewer; }
    );
}
// {
  file = "the answer of the evaluator plugin";
}
