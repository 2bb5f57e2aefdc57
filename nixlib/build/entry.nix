# One entry of a lock as a derivation, whatever its provider.
{
  lib,
  pkgs,
  fail,
}:

let
  builders = {
    sdist = import ./sdist.nix {
      inherit
        lib
        pkgs
        fail
        buildEntry
        ;
    };
    wheel = import ./wheel.nix { inherit lib pkgs fail; };
  };

  buildEntry =
    { package, ... }@arguments:
    (builders.${package.provider}
      or (fail "package `${package.name}` is locked from the provider `${package.provider}`, which can't be built; lock it from one of ${
        lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames builders)
      } with `mach-nix lock --provider ${package.name}=…`")
    )
      arguments;
in
buildEntry
