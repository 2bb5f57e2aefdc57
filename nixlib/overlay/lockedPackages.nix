# From the arguments of a `mk*` function to
#
#     packages   the locked packages by name
#     variables  the environment variables of shells
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
  found = resolve (
    builtins.intersectAttrs (builtins.functionArgs resolve) arguments
    // {
      python = base;
    }
    // lib.optionalAttrs (arguments ? _providerDefaults) {
      providers = arguments._providerDefaults // arguments.providers or { };
    }
  );
in
{
  inherit plain base;
  inherit (found) packages variables;
}
