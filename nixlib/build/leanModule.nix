# A derivation that is a Python package without the functions of nixpkgs having made it: what environments, overlays and people read
# of a package.
#
# Whatever changes it (`overrideAttrs`, `overridePythonAttrs`, …) changes the same package as nixpkgs' functions build it, which
# also has the attributes that are not named here.  See docs/decisions/0053-wheels-without-stdenv.md.
{ pkgs, pythonModules }:

let
  inherit (pkgs.stdenv.hostPlatform) system;
in
{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock.
  package,
  # The derivations of its dependencies.
  dependencies,
  # The derivation.
  built,
  # The package as nixpkgs' functions build it.
  full,
  provider,
}:
let
  self = built // {
    pname = package.name;
    inherit (package) version;
    inherit dependencies provider;

    pythonModule = python;
    pythonPath = [ ];
    propagatedBuildInputs = dependencies ++ [ python ];
    directPythonModules = dependencies;
    requiredPythonModules = pythonModules python dependencies;
    optional-dependencies = { };
    disabled = false;
    tests = { };

    # What nixpkgs' check of licences and platforms says about the full package.
    meta = {
      inherit (built) name;
      available = true;
      broken = false;
      insecure = false;
      unfree = false;
      unsupported = false;
      isBuildPythonPackage = python.meta.platforms;
      outputsToInstall = [ "out" ];
      platforms = [ system ];
    };

    inherit (full)
      dist
      passthru
      buildInputs
      nativeBuildInputs
      stdenv
      override
      overrideAttrs
      overrideDerivation
      overridePythonAttrs
      ;

    out = self;
    all = [ self ];
  };
in
self
