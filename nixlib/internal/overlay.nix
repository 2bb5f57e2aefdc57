# The overlay of a Python package set that holds the locked packages.
{
  lib,
  pkgs,
  fail,
}:

let
  wheel = import ../build/wheel.nix { inherit lib pkgs; };
  nixpkgs = import ../build/nixpkgs.nix { inherit lib pkgs fail; };
in
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
  # Edges that close a cycle are left out: a derivation can't be part of itself.  The environment
  # holds all packages of the lock, so none is lost.  An edge may also lead to a package which
  # only other targets need.
  dependencyNames = lib.mapAttrs (
    _: package:
    lib.filter (name: packages ? ${name} && !(lib.elem name (package.cyclic or [ ]))) (
      package.dependencies or [ ]
    )
  ) packages;

  locked = lib.mapAttrs (name: _: self.${name}) packages;

  builders = {
    wheel =
      package:
      wheel {
        inherit python package tests;
        dependencies = map (name: self.${name}) dependencyNames.${package.name};
      };
    nixpkgs =
      package:
      nixpkgs {
        inherit
          python
          package
          dependencyNames
          locked
          tests
          ;
      };
  };

  derivation =
    package:
    (builders.${package.provider}
      or (fail "package `${package.name}` is locked from the provider `${package.provider}`, which can't be built; lock it from one of ${
        lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames builders)
      } with `mach-nix lock --provider ${package.name}=…`")
    )
      package;

  # The names under which the rest of nixpkgs knows a locked package, where that is not the normal
  # form: `zope_interface`, or the attribute that it was locked from.
  otherNames = lib.concatLists (
    lib.mapAttrsToList (
      name: package:
      map (attribute: lib.nameValuePair attribute self.${name}) (
        lib.filter (attribute: attribute != name && super ? ${attribute}) (
          lib.unique [
            (lib.replaceStrings [ "-" ] [ "_" ] name)
            package.attribute or name
          ]
        )
      )
    ) packages
  );

  sameInterpreter = super.python.pythonVersion == python.pythonVersion;
in
assert
  sameInterpreter
  || fail "the overlay is made for python ${python.pythonVersion}, but is used for python ${super.python.pythonVersion}; give `python` the interpreter that it is used for";
lib.listToAttrs otherNames
// lib.mapAttrs (_: derivation) packages
// {
  # nixpkgs' hooks are made of packages of the set (wheel, installer, setuptools, packaging, ...).
  # With locked ones in their place each would be needed to build itself; so everything in
  # the set is built by the functions, and thereby the hooks, of the set without the overlay.
  inherit (python.pkgs) buildPythonPackage buildPythonApplication;

  selectPkgs = ps: map (name: ps.${name}) (lib.attrNames packages);
}
