# What ./evaluation.sh evaluates: environments of one nixpkgs, by name.
{
  pkgs,
  # A lock of wheels for Python 3.11, and what it was made for.
  lock,
  requirements,
}:

let
  inherit (pkgs) lib;
  locked = lib.importJSON lock;
  byName = lib.listToAttrs (map (package: lib.nameValuePair package.name package) locked.packages);

  # What one would write by hand, without anything that mach-nix sees to.
  plain =
    self: super:
    lib.mapAttrs (
      name: package:
      super.buildPythonPackage (
        {
          pname = name;
          inherit (package) version;
          format = "wheel";
          src = pkgs.fetchurl {
            name = package.file;
            inherit (package) url hash;
          };
          propagatedBuildInputs = map (dependency: self.${dependency}) (
            lib.filter (dependency: !(lib.elem dependency package.cyclic or [ ])) package.dependencies or [ ]
          );
          doCheck = false;
        }
        // lib.optionalAttrs (!(lib.hasSuffix "-any.whl" package.file)) {
          nativeBuildInputs = [ pkgs.autoPatchelfHook ];
          buildInputs = [
            pkgs.stdenv.cc.cc.lib
            pkgs.zlib
          ];
        }
      )
    ) byName;
  overridden = overlay: pkgs.python311.override { packageOverrides = overlay; };
in
{
  empty = (overridden (_: _: { })).withPackages (_: [ ]);
  plain = (overridden plain).withPackages (ps: map (name: ps.${name}) (lib.attrNames byName));
  mach-nix = (import ../. { inherit pkgs; }).mkPython {
    python = "python311";
    inherit requirements lock;
  };
}
