{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inventoryOf = (scope { inherit lib; }).inventory;

  # These packages are evaluated only, never built.
  python = pkgs.python3.override {
    self = python;
    packageOverrides =
      pySelf: _:
      let
        package =
          pname: version: more:
          pySelf.buildPythonPackage (
            {
              inherit pname version;
              format = "other";
              src = builtins.toFile "source" "";
            }
            // more
          );
      in
      {
        demo = package "Demo" "1.2.3" {
          propagatedBuildInputs = [
            pySelf.demo-lib
            pySelf.gobject3
            pkgs.hello or pkgs.jq
            pySelf.tool
            pySelf.nameless
            null
          ];
          passthru.optional-dependencies = {
            fast = [ pySelf.demo_cython ];
            nested = [ [ pySelf.gobject3 ] ];
          };
        };
        some-extras = package "some-extras" "1.0" {
          passthru.optional-dependencies = {
            good = [ pySelf.deepest ];
            thrown = [ (throw "gone") ];
            removed = [
              pySelf.deepest
              pySelf.thrown
            ];
            unsupported = [ pySelf.unsupported ];
            whole = throw "gone";
          };
        };
        extras-thrown = package "extras-thrown" "1.0" {
          passthru.optional-dependencies = throw "gone";
        };
        uncaught = package "uncaught" "1.0" {
          passthru.optional-dependencies = {
            good = [ pySelf.deepest ];
            bad = [ pySelf.no-such-attribute ];
          };
        };
        license-thrown = package "license-thrown" "1.0" { meta.license = throw "gone"; };
        unversioned = removeAttrs (package "unversioned" "1.0" { }) [ "version" ];
        demo-lib = package "demo-lib" "2024.02.02" {
          propagatedBuildInputs = [ pySelf.deepest ];
        };
        deepest = package "deepest" "1.0" { };
        demo_cython = package "demo.cython" "0.1" { };
        gobject3 = package "GObject" "3.46.0" { };
        # calls itself what no attribute is called
        nameless = package "somebody-else" "1.0" { };
        tool = pySelf.toPythonApplication (package "tool" "1.0" { });
        thrown = throw "thrown was removed";
        unsupported = pySelf.disabledIf true (package "unsupported" "1.0" { });
        needs-thrown = package "needs-thrown" "1.0" { propagatedBuildInputs = [ pySelf.thrown ]; };
        broken = package "broken" "1.0" { meta.broken = true; };
        insecure = package "insecure" "1.0" {
          meta = {
            insecure = true;
            knownVulnerabilities = [ "CVE-0000-0000" ];
          };
        };
        other-python = package "other-python" "1.0" { } // {
          pythonModule.libPrefix = "python2.7";
        };
        no-derivation = _: 42;
      };
  };
  inventory = inventoryOf python;

  get = name: (inventory.packages [ name ]).${name};
  cannot = attribute: {
    inherit attribute;
    defect = "nixpkgs cannot evaluate it for ${python.executable}";
  };
in
{
  "a package" = {
    expr = get "demo";
    expected = {
      attribute = "demo";
      called = "demo";
      version = "1.2.3";
      requires = [
        "demo-lib"
        "gobject"
      ];
      extras = {
        fast = [ "demo-cython" ];
        nested = [ "gobject" ];
      };
      defect = null;
    };
  };
  "names in normal form, and what calls itself otherwise" = {
    expr = map (name: (get name).attribute) [
      "demo-cython"
      "gobject3"
      "gobject"
    ];
    expected = [
      "demo_cython"
      "gobject3"
      "gobject3"
    ];
  };
  "what is no package for this interpreter is none" = {
    expr = map get [
      "absent"
      "tool"
      "other-python"
      "no-derivation"
      "python"
      "buildpythonpackage"
      "lib"
    ];
    expected = [
      null
      null
      null
      null
      null
      null
      null
    ];
  };
  "what throws" = {
    expr = map get [
      "thrown"
      "unsupported"
      "needs-thrown"
    ];
    expected = [
      (cannot "thrown")
      (cannot "unsupported")
      (cannot "needs-thrown")
    ];
  };
  "only the extras that cannot be evaluated are missing" = {
    expr = (get "some-extras").extras;
    expected.good = [ "deepest" ];
  };
  "extras that throw as a whole" = {
    expr = { inherit (get "extras-thrown") version extras defect; };
    expected = {
      version = "1.0";
      extras = { };
      defect = null;
    };
  };
  "extras one by one, where an error cannot be caught" = {
    expr = {
      names = (inventory.extraNames [ "uncaught" ]).uncaught.extras;
      good =
        (inventory.extra [
          "uncaught"
          "good"
        ]).uncaught.extras;
    };
    expected = {
      names = {
        bad = [ ];
        good = [ ];
      };
      good.good = [ "deepest" ];
    };
  };
  "metadata that does not matter may throw" = {
    expr = (get "license-thrown").version;
    expected = "1.0";
  };
  "a version in the name" = {
    expr = (get "unversioned").version;
    expected = "1.0";
  };
  "what nixpkgs would refuse to build" = {
    expr = map (name: (get name).defect) [
      "broken"
      "insecure"
    ];
    expected = [
      "nixpkgs marks it as broken"
      "nixpkgs marks it as insecure"
    ];
  };
  "what packages depend on" = {
    expr = lib.mapAttrs (_: found: found.version or null) (
      inventory.closure [
        "demo"
        "absent"
        "demo"
      ]
    );
    expected = {
      absent = null;
      deepest = "1.0";
      demo = "1.2.3";
      demo-lib = "2024.02.02";
      gobject = "3.46.0";
    };
  };
  "the names of everything" = {
    expr = lib.filter (lib.hasPrefix "demo") inventory.names;
    expected = [
      "demo"
      "demo-cython"
      "demo-lib"
    ];
  };
}
