# One conda package as it is in its archive.  Nothing in it depends on the other packages, so it is unpacked once for all locks.
{
  lib,
  pkgs,
  source,
  condaProgram,
}:

{
  # The interpreter without the locked packages.
  python,
  # The entry of the lock, as ./entries.nix gives it.
  package,
}:
derivation (
  condaProgram {
    inherit python;
    # Where it is built; what is in it may be for another system.
    system = python.stdenv.buildPlatform.system;
    program = "unpack.py";
    arguments = [ "${(source package).src}" ];
  }
  // {
    name = lib.strings.sanitizeDerivationName (
      "conda-" + lib.removeSuffix ".conda" (lib.removeSuffix ".tar.bz2" package.file)
    );
    package = builtins.toJSON {
      inherit (package)
        build
        condaName
        file
        version
        ;
    };
    zstd = lib.getBin pkgs.buildPackages.zstd;
  }
)
