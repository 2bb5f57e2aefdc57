# The library, wired lazily: each file of ./files.nix is a function of the names that it uses, which
# are those of other files and of the context. So a file begins with its dependencies, and unused
# files are not evaluated.
#
# No file depends on itself indirectly (tests/suite/architecture.rs). Recursion, such as that of
# build environments and builds, uses functions as arguments.
#
# The context: `lib`, `pkgs` and `fail` (from a message to an error, with the name of the public
# function), and the arguments of the import: `python`, `package` and `pypiData`. It precedes the
# files, so that tests can replace any.
context:

let
  call =
    _: file:
    let
      function = import file;
    in
    function (builtins.intersectAttrs (builtins.functionArgs function) scope);

  scope = builtins.mapAttrs call (import ./files.nix) // context;
in
scope
