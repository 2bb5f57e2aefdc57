# The errors of a Nix without the plugin.  tests/plugin runs one that has it.
{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
in
{
  "no plugin" = {
    expr = (scope { inherit lib fail; }).plugin {
      asked.request.requirements = "flask";
      python.pythonVersion = "3.11";
      system = "x86_64-linux";
      providers = null;
      excludeNewer = null;
      pypiData = "/nix/store/common.snapshot";
      named = [ ];
    };
    expectedError.msg = "`resolveWith` is `\"plugin\"`, and this Nix has no `builtins.machNixResolve`; load the plugin with the setting `plugin-files`";
  };
}
