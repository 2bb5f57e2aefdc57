{ lib, scope, ... }:

let
  inherit (scope { inherit lib; }) condaEntries;
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) conda lock packages;
  byName = list: lib.listToAttrs (map (package: lib.nameValuePair package.name package) list);
  found = condaEntries {
    inherit (lock.request) requirements;
    packages = byName packages;
  };
  located =
    url:
    let
      entry = lib.head (
        (condaEntries {
          inherit (lock.request) requirements;
          packages = byName [
            (conda "conda:x" {
              inherit url;
              folder = "/folder";
            })
          ];
        }).condaPackages.packages
      );
    in
    if entry ? path then "${toString entry.folder} ${entry.path}" else null;
in
{
  "a lock without conda packages stays as it is" = {
    expr =
      let
        only = byName (lib.filter (package: package.provider == "wheel") packages);
      in
      condaEntries {
        inherit (lock.request) requirements;
        packages = only;
      } == only;
    expected = true;
  };
  "projects depend on projects, also by way of other packages, and on all conda packages" = {
    expr = lib.mapAttrs (_: entry: entry.dependencies or null) found;
    expected = {
      condaPackages = null;
      numpy = [ "condaPackages" ];
      pandas = [ "numpy" ];
      torch = [
        "typing-extensions"
        "numpy"
        "condaPackages"
      ];
      typing-extensions = [ ];
    };
  };
  "edges of cycles are left out on the way" = {
    expr =
      (condaEntries {
        inherit (lock.request) requirements;
        packages = byName [
          (conda "a" {
            dependencies = [ "conda:b" ];
          })
          (conda "conda:b" {
            dependencies = [ "c" ];
            cyclic = [ "c" ];
          })
          (conda "c" { dependencies = [ "a" ]; })
        ];
      }).a.dependencies;
    expected = [ "condaPackages" ];
  };
  "all conda packages together" = {
    expr = {
      inherit (found.condaPackages) provider asked;
      names = map (entry: entry.condaName) found.condaPackages.packages;
    };
    expected = {
      provider = "conda";
      asked = [
        "libblas"
        "pytorch"
      ];
      names = [
        "all"
        "libblas"
        "numpy"
        "pytorch"
      ];
    };
  };
  "a folder as a channel is relative to the lock" = {
    expr = map located [
      "https://example.org/x.conda"
      "./channel/linux-64/x.conda"
      "file:///a%20b/x.conda"
    ];
    expected = [
      null
      "/folder ./channel/linux-64/x.conda"
      "/ a b/x.conda"
    ];
  };
}
