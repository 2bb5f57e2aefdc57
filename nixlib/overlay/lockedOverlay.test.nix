{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  overlay = (scope { inherit lib pkgs fail; }).lockedOverlay;

  python = pkgs.python311;
  overridden =
    packages:
    let
      self = python.override {
        inherit self;
        packageOverrides = overlay { inherit python packages; };
      };
    in
    self;
  locked =
    list: overridden (lib.listToAttrs (map (package: lib.nameValuePair package.name package) list));
  package = name: changes: lockFile.package name "1.0" // changes;
  names = map (drv: drv.pname);
  propagated =
    drv: names (lib.filter (input: input ? pname && input != python) drv.propagatedBuildInputs);

  # a and b need each other, b needs c.
  cycle = locked [
    (package "a" {
      dependencies = [ "b" ];
      cyclic = [ "b" ];
    })
    (package "b" {
      dependencies = [
        "a"
        "c"
      ];
      cyclic = [ "a" ];
    })
    (package "c" { })
  ];

  buildTools = [
    "build"
    "flit-core"
    "installer"
    "packaging"
    "pip"
    "pluggy"
    "pyproject-hooks"
    "setuptools"
    "tomli"
    "typing-extensions"
    "wheel"
  ];
  tools = locked (map (name: package name { }) buildTools);
in
{
  "dependencies are propagated" = {
    expr =
      propagated
        (locked [
          (package "flask" { dependencies = [ "click" ]; })
          (package "click" { })
        ]).pkgs.flask;
    expected = [ "click" ];
  };

  "a package that other targets need" = {
    expr = propagated (locked [ (package "click" { dependencies = [ "colorama" ]; }) ]).pkgs.click;
    expected = [ ];
  };

  "edges of a cycle are cut" = {
    expr = map propagated (cycle.pkgs.selectPkgs cycle.pkgs);
    expected = [
      [ ]
      [ "c" ]
      [ ]
    ];
  };

  "an environment of a cycle" = {
    expr = lib.isString (cycle.withPackages cycle.pkgs.selectPkgs).drvPath;
    expected = true;
  };

  "selectPkgs gives all" = {
    expr = names (cycle.pkgs.selectPkgs cycle.pkgs);
    expected = [
      "a"
      "b"
      "c"
    ];
  };

  "build tools are replaced" = {
    expr = map (drv: drv.version) (tools.pkgs.selectPkgs tools.pkgs);
    expected = map (_: "1.0") buildTools;
  };

  "locked build tools do not build" = {
    expr = lib.isString (tools.withPackages tools.pkgs.selectPkgs).drvPath;
    expected = true;
  };

  "what does not depend on a locked package is unchanged" = {
    expr =
      tools.pkgs.buildPythonPackage {
        pname = "own";
        version = "1.0";
        format = "wheel";
        src = ./.;
      } == python.pkgs.buildPythonPackage {
        pname = "own";
        version = "1.0";
        format = "wheel";
        src = ./.;
      };
    expected = true;
  };

  "a later overlay replaces a locked package everywhere" = {
    expr =
      let
        self = python.override {
          inherit self;
          packageOverrides = lib.composeExtensions (overlay {
            inherit python;
            packages = {
              flask = package "flask" { dependencies = [ "click" ]; };
              click = package "click" { };
            };
          }) (_: super: { click = super.click.overridePythonAttrs { version = "2.0"; }; });
        };
      in
      map (drv: drv.version) (lib.filter (drv: drv != python) self.pkgs.flask.propagatedBuildInputs);
    expected = [ "2.0" ];
  };

  "an unknown provider" = {
    expr = (locked [ (package "click" { provider = "egg"; }) ]).pkgs.click.drvPath;
    expectedError.msg = "mach-nix.mkPython: package `click` is locked from the provider `egg`, which can't be built; lock it from one of `nixpkgs`, `sdist`, `wheel` with `mach-nix lock --provider click=…`";
  };

  "another interpreter" = {
    expr =
      (overlay {
        inherit python;
        packages = { };
      } { } { python.pythonVersion = "3.9"; }).selectPkgs;
    expectedError.msg = "the overlay is made for python 3.11, but is used for python 3.9; give `python` the interpreter that it is used for";
  };
}
