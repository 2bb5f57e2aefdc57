# The library, wired lazily: each file of ./files.nix is a function of the names that it uses, which are those of other
# files and of the context.  So a file begins with what it depends on, and nothing is evaluated that nobody uses.
#
# No file depends on itself by way of others (tests/suite/architecture.rs).  What needs recursion, as a build environment
# needs builds, takes a function as an argument.
#
# The context: `lib`, `pkgs` and `fail` (from a message to an error, with the name of the public function), and the
# arguments of the import: `python`, `package` and `pypiData`.  It goes before the files, so that tests can replace any.
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
