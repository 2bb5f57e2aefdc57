# The package set at a path: a set, or a function that makes one.
path:
let
  imported = import path;
in
if builtins.isFunction imported then imported { } else imported
