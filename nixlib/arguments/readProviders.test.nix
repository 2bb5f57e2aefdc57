{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  providers = (scope { inherit lib fail; }).readProviders;
in
{
  "texts and lists" = {
    expr = providers {
      _default = "wheel, sdist";
      Zope_Interface = [
        "sdist"
        "conda/main"
      ];
    };
    expected = {
      _default = "wheel,sdist";
      zope-interface = "sdist,conda/main";
    };
  };
  "a number" = {
    expr = builtins.toJSON (providers {
      numpy = 1;
    });
    expectedError.msg = "`providers.numpy` must be a text such as `\"wheel,sdist\"` or a list of names, but is an integer";
  };
  "a text for all" = {
    expr = providers "wheel";
    expectedError.msg = "`providers` must be an attribute set such as `\\{ _default = \"wheel\"; }`, but is a string";
  };
}
