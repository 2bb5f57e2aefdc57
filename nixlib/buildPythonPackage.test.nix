{
  lib,
  pkgs,
  machNix,
  ...
}:

let
  projects = ../tests/nix/projects;
  greeter = projects + "/greeter";
  machNix311 = import ./. {
    inherit pkgs;
    python = "python311";
  };
  inherit (machNix311) buildPythonPackage;
  build = changes: buildPythonPackage ({ src = greeter; } // changes);
  propagated = drv: map (input: input.pname) drv.propagatedBuildInputs;
in
{
  "a bare path" = {
    expr = {
      inherit (buildPythonPackage greeter) pname version name;
      inherit (buildPythonPackage greeter) requirements;
      dependencies = lib.filter (name: name != pkgs.python311.pname) (
        propagated (buildPythonPackage greeter)
      );
    };
    expected = {
      pname = "Greeter_App";
      version = "1.0";
      name = "python3.11-Greeter_App-1.0";
      requirements = "click>=8,<9\n";
      dependencies = [ "click" ];
    };
  };
  "a set gives the same" = {
    expr = build { } == buildPythonPackage greeter;
    expected = true;
  };
  "python as for mkPython" = {
    expr =
      machNix.buildPythonPackage {
        src = greeter;
        python = pkgs.python311;
      } == buildPythonPackage greeter;
    expected = true;
  };
  "name and version given" = {
    expr =
      (build {
        pname = "other";
        version = "2.0";
      }).name;
    expected = "python3.11-other-2.0";
  };
  "what nixpkgs' function takes" = {
    expr =
      let
        drv = build {
          propagatedBuildInputs = [ pkgs.zlib ];
          postInstall = "touch $out/done";
          meta.description = "greets";
          passthru.own = 1;
        };
      in
      {
        inherit (drv) postInstall own;
        inherit (drv.meta) description mainProgram;
        isPropagated = lib.elem pkgs.zlib drv.propagatedBuildInputs;
      };
    expected = {
      postInstall = "touch $out/done";
      own = 1;
      description = "greets";
      mainProgram = "greet";
      isPropagated = true;
    };
  };
  "another format is nixpkgs' own" = {
    expr = lib.hasInfix "build_wheel" (
      (build {
        format = "other";
        installPhase = "mkdir $out";
      }).buildPhase or ""
    );
    expected = false;
  };
  "overridePythonAttrs" = {
    expr = ((buildPythonPackage greeter).overridePythonAttrs { version = "3.0"; }).version;
    expected = "3.0";
  };
  "tests" = {
    expr = map (drv: drv.doInstallCheck or false) [
      (build { })
      (build { tests = true; })
    ];
    expected = [
      false
      true
    ];
  };
  "setup.py leaves the requirements to the lock" = {
    expr = (buildPythonPackage (projects + "/greeter-py")).requirements;
    expected = "click>=8\n";
  };

  "a stale lock" = {
    expr = (build { requirementsExtra = "flask"; }).drvPath;
    expectedError.msg = "mach-nix.buildPythonPackage: the lock file `/.*/greeter/mach-nix.lock` does not match `requirements` New in the requirements: flask Renew the lock: `mach-nix lock --pyproject pyproject.toml`";
  };
  "an extra that is not locked" = {
    expr = (build { extras = "bold"; }).drvPath;
    expectedError.msg = "New in the requirements: markupsafe";
  };
  "no source" = {
    expr = buildPythonPackage { };
    expectedError.msg = "mach-nix.buildPythonPackage: the argument `src` is missing; write `src = ./.;`";
  };
  "a number" = {
    expr = buildPythonPackage 1;
    expectedError.msg = "expected the path of a project, the address of an archive or an attribute set, but got an integer; write `\\{ src = ./.; \\}`";
  };
}
