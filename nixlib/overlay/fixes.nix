# The argument `_fixes` as an overlay:
#
#     <package>.<name of the fix> = {
#       _cond = { prov, ver, pyver }: …;      when it applies: provider, version, version of Python
#       <attribute> …                         as for `_`, see ./attributes.nix
#     };
#
# Packages that the set does not have are not an error: fixes are written for many environments.
{
  lib,
  attributeName,
  attributes,
  compat,
}:

let
  inherit (compat) overrideAttrs;
in
{
  # The interpreter without the overlay.
  python,
}:
fixes: pySelf: pySuper:
let
  applies =
    fix: drv:
    fix._cond or (_: true) {
      prov = drv.provider or "nixpkgs";
      ver = drv.version;
      pyver = python.version;
    };

  apply =
    package: drv: name: fix:
    if applies fix drv then
      overrideAttrs python (attributes {
        where = "_fixes.${attributeName package}.${attributeName name}";
        inherit pySelf;
      } (builtins.removeAttrs fix [ "_cond" ])) drv
    else
      drv;
in
lib.mapAttrs (
  package: named:
  lib.foldl' (drv: name: apply package drv name named.${name}) pySuper.${package} (
    lib.attrNames named
  )
) (builtins.intersectAttrs pySuper fixes)
