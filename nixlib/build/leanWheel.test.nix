{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  wheel = (scope { inherit lib pkgs fail; }).buildWheel;
  build =
    arguments: changes:
    wheel (
      {
        python = pkgs.python311;
        package = lockFile.package "click" "8.1.3" // changes;
        dependencies = [ ];
      }
      // arguments
    );
  pure = build { } { };
  binary = build { } { file = "click-8.1.3-cp311-cp311-linux_x86_64.whl"; };
  full = pure.overridePythonAttrs { };
  isLean = drv: drv.drvAttrs.builder == pkgs.python311.interpreter;
  # Where it applies, see docs/decisions/0053.
  applies =
    pkgs.stdenv.hostPlatform.isLinux
    && lib.functionArgs pkgs.python311.pkgs.buildPythonPackage ? pyproject;
in
{
  "the interpreter is the builder" = {
    expr = isLean pure;
    expected = applies;
  };
  "of wheels with binaries too" = {
    expr = isLean binary;
    expected = applies;
  };
  "only those are patched" = {
    expr = map (drv: drv ? patchBinaries) [
      pure
      binary
    ];
    expected = [
      false
      applies
    ];
  };
  "not with tests, and not when anything is changed" = {
    expr = map isLean [
      (build { tests = true; } { })
      (binary.overridePythonAttrs { })
      full
      (pure.overrideAttrs { postInstall = "true"; })
    ];
    expected = [
      false
      false
      false
      false
    ];
  };
  "a change is one of the full package" = {
    expr =
      (pure.overrideAttrs { postInstall = "true"; }).drvPath
      == (full.overrideAttrs { postInstall = "true"; }).drvPath;
    expected = true;
  };
  "the attributes of the full package" = {
    expr =
      let
        attributes = drv: {
          inherit (drv)
            name
            pname
            version
            provider
            pythonPath
            system
            type
            ;
          src = drv.src.drvPath;
          module = drv.pythonModule == pkgs.python311;
          inputs = map toString drv.propagatedBuildInputs;
          modules = map toString drv.requiredPythonModules;
          # As in lists of packages.
          inherit (drv.meta)
            available
            outputsToInstall
            platforms
            ;
        };
      in
      attributes pure == attributes full;
    expected = true;
  };
  "outputs" = {
    expr = [
      (pure.out.outPath == pure.outPath)
      (pure.dist.outPath == full.dist.outPath)
      pure.outputName
    ];
    expected = [
      true
      true
      "out"
    ];
  };
  "an epoch in the version" = {
    expr =
      (build { } { version = "1!2.0"; }).name
      == ((build { } { version = "1!2.0"; }).overridePythonAttrs { }).name;
    expected = true;
  };
  "a package of nixpkgs may depend on it" = {
    expr =
      lib.hasPrefix builtins.storeDir
        (pkgs.python311.pkgs.installer.overridePythonAttrs { propagatedBuildInputs = [ pure ]; }).drvPath;
    expected = true;
  };
}
