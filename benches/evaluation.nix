# The environments that ./evaluation.sh evaluates, by name.
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

  # The code that one would write by hand.
  plain =
    buildPythonPackage: self: super:
    lib.mapAttrs (
      name: package:
      buildPythonPackage super (
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
  environment =
    buildPythonPackage:
    (overridden (plain buildPythonPackage)).withPackages (
      ps: map (name: ps.${name}) (lib.attrNames byName)
    );
in
{
  empty = (overridden (_: _: { })).withPackages (_: [ ]);
  # As the manual of nixpkgs has it; its hooks are then made of the packages of the lock, as far as they are there.
  plain = environment (super: super.buildPythonPackage);
  # With the hooks of the set without the packages, as mach-nix has it.
  outside = environment (_: pkgs.python311.pkgs.buildPythonPackage);
  # Nothing but a derivation for each wheel and one for its file: what no way of building can be below.
  bare =
    (overridden (
      self: _:
      lib.mapAttrs (
        name: package:
        derivation {
          inherit name;
          inherit (pkgs.stdenv.hostPlatform) system;
          builder = pkgs.python311.interpreter;
          src = derivation {
            name = package.file;
            inherit (package) url;
            builder = "builtin:fetchurl";
            system = "builtin";
            outputHash = package.hash;
            outputHashAlgo = "sha256";
            outputHashMode = "flat";
          };
          dependencies = map (dependency: self.${dependency}) (
            lib.filter (dependency: !(lib.elem dependency package.cyclic or [ ])) package.dependencies or [ ]
          );
        }
        // {
          pythonModule = pkgs.python311;
          requiredPythonModules = [ ];
        }
      ) byName
    )).withPackages
      (ps: map (name: ps.${name}) (lib.attrNames byName));
  mach-nix = (import ../. { inherit pkgs; }).mkPython {
    python = "python311";
    inherit requirements lock;
  };
}
