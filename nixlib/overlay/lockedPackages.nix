# From the arguments of a `mk*` function to
#
#     packages   the locked packages by name
#     base       their interpreter: with `overridesPre`, and without the locked packages
#     plain      the interpreter without either
{
  lib,
  interpreter,
  mergeOverrides,
  resolve,
  withOverrides,
}:

arguments:
let
  plain = interpreter (arguments.python or null);
  overridesPre = arguments.overridesPre or [ ];
  base = if overridesPre == [ ] then plain else withOverrides plain (mergeOverrides overridesPre);
in
{
  inherit plain base;
  packages = resolve (
    builtins.intersectAttrs (builtins.functionArgs resolve) arguments
    // {
      python = base;
    }
    // lib.optionalAttrs (arguments ? _providerDefaults) {
      providers = arguments._providerDefaults // arguments.providers or { };
    }
  );
}
