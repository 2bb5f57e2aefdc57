# A lock that the evaluator plugin resolves over a snapshot, in the process of Nix.
{
  fail,
  inRounds,
  query,
}:

{
  pypiData,
  named,
  ...
}@arguments:
let
  resolve =
    builtins.machNixResolve
      or (fail "`resolveWith` is `\"plugin\"`, and this Nix has no `builtins.machNixResolve`; load the plugin with the setting `plugin-files`");
in
inRounds {
  inherit (arguments) python;
  names = named;
  ask =
    inventory:
    resolve (
      query arguments
      // {
        pypiData = "${pypiData}";
        nixpkgsInventory = inventory;
      }
    );
}
// {
  file = "the answer of the evaluator plugin";
}
