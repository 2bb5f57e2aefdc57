{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  projects = ../../tests/nix/projects;
  machNix311 = import ../. {
    inherit pkgs;
    python = "python311";
  };
  flask = {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
  };
  with' = list: machNix311.mkPython (flask // { packagesExtra = list; });
  names = environment: map lib.getName (environment.selectPkgs environment.python.pkgs);
  # An R package, as far as this goes.
  rPackage = pkgs.zlib // {
    rCommand = "R";
  };
in
{
  "a bare list" = {
    expr = lib.sort (a: b: a < b) (
      map (drv: drv.pname) (
        let
          environment = machNix311.mkPython [ (projects + "/greeter") ];
        in
        environment.selectPkgs environment.python.pkgs
      )
    );
    expected = [
      "Greeter_App"
      "click"
    ];
  };
  "a project without a lock gets its dependencies from the environment" = {
    expr =
      let
        environment = with' [ (projects + "/isolated") ];
      in
      map (input: input.version) (
        lib.filter (input: input.pname == "click") environment.python.pkgs.isolated.propagatedBuildInputs
      );
    expected = [ "8.1.3" ];
  };
  "a result of buildPythonPackage" = {
    expr =
      machNix311.mkPython [ (machNix311.buildPythonPackage (projects + "/greeter")) ]
      == machNix311.mkPython [ (projects + "/greeter") ];
    expected = true;
  };
  "other packages come onto the PATH" = {
    expr = with' [ pkgs.patchelf ] == with' [ ];
    expected = false;
  };
  "an application is a program" = {
    expr = lib.length (
      names (with' [ (machNix311.buildPythonApplication (projects + "/greeter-cfg")) ])
    );
    expected = lib.length (names (with' [ ]));
  };

  "another version of a locked package" = {
    expr = (with' [ (projects + "/greeter") ]).drvPath;
    expectedError.msg = "mach-nix.mkPython: `greeter-app` of `packagesExtra` is locked with `click` 8.[0-9.]+, but the environment has 8.1.3; lock them together, or with the same version";
  };
  "a requirement that is not locked" = {
    expr =
      (machNix.mkPython {
        requirements = ../../tests/nix/locks/build-tools/requirements.txt;
        lock = ../../tests/nix/locks/build-tools/mach-nix.lock;
        python = "python311";
        packagesExtra = [ (projects + "/isolated") ];
      }).drvPath;
    expectedError.msg = "`isolated` of `packagesExtra` requires `click`, which the lock of the environment lacks; add it to the requirements and renew the lock";
  };
  "another python" = {
    expr =
      (with' [
        (
          let
            package = machNix311.buildPythonPackage (projects + "/greeter");
          in
          package
          // {
            machNix = package.machNix // {
              python.pythonVersion = "3.9";
            };
          }
        )
      ]).drvPath;
    expectedError.msg = "`greeter-app` of `packagesExtra` is for python 3.9, but the environment has python 3.11; build it with `python = \"python311\"`";
  };
  "a Python package of nixpkgs" = {
    expr = (with' [ pkgs.python311.pkgs.packaging ]).drvPath;
    expectedError.msg = "`packagesExtra` has `.*packaging`, a Python package of nixpkgs; add `packaging` to the requirements, with `providers.packaging = \"nixpkgs\"`";
  };
  "R packages without rpy2" = {
    expr = (with' [ rPackage ]).drvPath;
    expectedError.msg = "R packages in `packagesExtra` need `rpy2`; add it to the requirements and renew the lock";
  };
  "a requirement in the place of a project" = {
    expr = (with' [ "click==8.1.3" ]).drvPath;
    expectedError.msg = "mach-nix.mkPython: `click==8.1.3` is neither the path of a project nor the address of an archive \\(https://…\\); a requirement belongs in `requirements`";
  };
  "a number" = {
    expr = (with' [ 1 ]).drvPath;
    expectedError.msg = "`packagesExtra` must be a list of paths, addresses and packages, but has an integer";
  };
}
