# The entries of a lock that has conda packages, as Python knows packages:
#
# - What is a Python project stays an entry of its own, and depends on projects only: on those behind `conda:NAME`, too.
# - All conda packages together are one more entry, `condaPackages`, which each of these projects depends on.  No project has such a
#   name, because those in normal form have no capitals.
{ lib, edges }:

let
  isConda = package: builtins.substring 0 6 package.provider == "conda/";
  isShown = name: builtins.substring 0 6 name != "conda:";

  # The name of the conda package in a requirement: `conda:CHANNEL::NAME >=1`.
  nameOf =
    requirement:
    let
      spec = lib.last (lib.splitString "::" (lib.removePrefix "conda:" requirement));
      found = builtins.match "[ \t]*([A-Za-z0-9_.-]+).*" spec;
    in
    if found == null then "" else lib.toLower (lib.head found);
in
{
  # The requirements of the lock.
  requirements,
  # By name.
  packages,
}:
let
  located =
    package:
    builtins.removeAttrs package [ "folder" ]
    // {
      condaName = package.condaName or (lib.removePrefix "conda:" package.name);
    }
    // (
      # Of a folder, which is relative to the lock or not.
      if lib.hasPrefix "file:///" package.url then
        {
          folder = /.;
          path = lib.replaceStrings [ "%20" ] [ " " ] (lib.removePrefix "file:///" package.url);
        }
      else if builtins.match "[a-z]+://.*" package.url == null then
        {
          inherit (package) folder;
          path = package.url;
        }
      else
        { }
    );

  ofConda = lib.filterAttrs (_: isConda) packages;

  projectsBehind =
    package:
    lib.filter (name: isShown name && name != package.name) (
      map (found: found.key) (
        builtins.genericClosure {
          startSet = map (key: { inherit key; }) (edges packages package);
          operator =
            { key }: if isShown key then [ ] else map (key: { inherit key; }) (edges packages packages.${key});
        }
      )
    );
  project =
    package:
    builtins.removeAttrs (located package) [ "cyclic" ]
    // {
      dependencies = projectsBehind package ++ [ "condaPackages" ];
    };
in
if !(lib.any isConda (lib.attrValues packages)) then
  packages
else
  lib.filterAttrs (name: _: isShown name) packages
  // lib.mapAttrs (_: project) (lib.filterAttrs (name: _: isShown name) ofConda)
  // {
    condaPackages = {
      name = "condaPackages";
      version = "1";
      provider = "conda";
      packages = map located (lib.attrValues ofConda);
      asked = map nameOf (lib.filter (lib.hasPrefix "conda:") requirements);
      ignoreCollisions = false;
    };
  }
