{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherit (scope { inherit lib pkgs; }) condaEntries condaPackages;
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) lock packages;
  python = pkgs.python311;
  found = condaPackages {
    inherit python;
    package =
      (condaEntries {
        inherit (lock.request) requirements;
        packages = lib.listToAttrs (map (package: lib.nameValuePair package.name package) packages);
      }).condaPackages;
  };
in
{
  "programs that were required by name; those of projects are with them" = {
    expr = [
      found.drvAttrs.asked
      found.programs.projects
    ];
    expected = [
      [ "libblas" ]
      [
        "numpy"
        "pytorch"
      ]
    ];
  };
  "it is a module, over one folder for all packages" = {
    expr = {
      isModule = found.pythonModule == python;
      inherit (found.prefix) name;
      same = found.drvAttrs.prefix == found.programs.prefix;
      linkScripts = found.linkScripts == "${found.prefix}/nix-support/conda.json";
      packages = lib.attrNames found.prefix.unpacked;
    };
    expected = {
      isModule = true;
      name = "conda-prefix";
      same = true;
      linkScripts = true;
      packages = [
        "conda:all"
        "conda:libblas"
        "numpy"
        "torch"
      ];
    };
  };
}
