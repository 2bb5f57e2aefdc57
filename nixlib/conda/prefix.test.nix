{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherit (import ../../tests/nix/conda/lock.nix { inherit lib; }) conda;
  prefixOf =
    pkgs: changes:
    (scope { inherit lib pkgs; }).condaPrefix (
      {
        inherit (pkgs) python;
        packages = [
          (conda "conda:libblas" { condaName = "libblas"; })
          (conda "numpy" {
            condaName = "numpy";
            dependencies = [ "conda:libblas" ];
          })
        ];
        ignoreCollisions = [ "docs" ];
      }
      // changes
    );
  linux = pkgs // {
    python = pkgs.python311;
  };
  # A package set for macOS, as far as it is looked at.
  mac = linux // {
    stdenv = pkgs.stdenv // {
      hostPlatform = pkgs.stdenv.hostPlatform // {
        isDarwin = true;
        isLinux = false;
        system = "aarch64-darwin";
      };
    };
    darwin = {
      sigtool = pkgs.jq;
      cctools = pkgs.jq;
    };
  };
  request = drv: builtins.fromJSON (builtins.unsafeDiscardStringContext drv.request);
in
{
  "what the program is given" = {
    expr =
      let
        drv = prefixOf linux { };
        given = request drv;
      in
      {
        inherit (drv) name;
        inherit (given)
          ignored
          platform
          python
          sitePackages
          ;
        packages = map (
          package:
          builtins.removeAttrs package [
            "path"
            "url"
            "channel"
          ]
          // {
            isUnpacked = package.path == drv.unpacked.${package.name}.outPath;
          }
        ) given.packages;
      };
    expected = {
      name = "conda-prefix";
      ignored = [ "docs" ];
      platform = "linux";
      python = "python3.11";
      sitePackages = "lib/python3.11/site-packages";
      packages = [
        {
          build = "0";
          condaName = "libblas";
          dependencies = [ ];
          file = "libblas-1.0-0.conda";
          isUnpacked = true;
          name = "conda:libblas";
          subdir = "linux-64";
          version = "1.0";
        }
        {
          build = "0";
          condaName = "numpy";
          dependencies = [ "conda:libblas" ];
          file = "numpy-1.0-0.conda";
          isUnpacked = true;
          name = "numpy";
          subdir = "linux-64";
          version = "1.0";
        }
      ];
    };
  };
  "on macOS there are the tools that sign" = {
    expr =
      let
        drv = prefixOf mac { };
      in
      [
        (request drv).platform
        drv.system
        (drv ? patchelf)
        (drv.sigtool == pkgs.jq)
        (lib.isString drv.drvPath)
      ];
    expected = [
      "osx"
      "aarch64-darwin"
      false
      true
      true
    ];
  };
}
