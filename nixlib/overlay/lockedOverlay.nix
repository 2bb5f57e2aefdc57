# The overlay of a Python package set with the locked packages.
{
  lib,
  fail,
  buildEntry,
  edges,
}:

{
  # The interpreter without the overlay.
  python,
  # The entries of the lock, by name.
  packages,
  # Whether locked packages run their tests.
  tests ? false,
}:
self: super:
let
  dependencyNames = lib.mapAttrs (_: edges packages) packages;
  locked = builtins.intersectAttrs packages self;

  derivation =
    package:
    buildEntry {
      inherit
        python
        package
        dependencyNames
        locked
        tests
        ;
    };

  # The names of locked packages in the rest of nixpkgs, if they differ from the normal form:
  # `zope_interface`, or the attribute that it was locked from.
  spelled =
    spelling: list:
    lib.listToAttrs (
      map (package: {
        name = spelling package;
        value = self.${package.name};
      }) list
    );
  list = lib.attrValues packages;
  otherNames = builtins.intersectAttrs super (
    spelled (package: lib.replaceStrings [ "-" ] [ "_" ] package.name) list
    // spelled (package: package.attribute) (lib.filter (package: package ? attribute) list)
  );

  sameInterpreter = super.python.pythonVersion == python.pythonVersion;
in
assert
  sameInterpreter
  || fail "the overlay is made for python ${python.pythonVersion}, but is used for python ${super.python.pythonVersion}; give `python` the interpreter that it is used for";
otherNames
// lib.mapAttrs (_: derivation) packages
// {
  # nixpkgs' hooks consist of packages of the set (wheel, installer, setuptools, packaging, ...).
  # With locked packages in their place each would need itself for its build; so everything in the
  # set is built by the functions, and thereby the hooks, of the set without the overlay.
  inherit (python.pkgs) buildPythonPackage buildPythonApplication;

  selectPkgs = ps: map (name: ps.${name}) (lib.attrNames packages);
}
