# The wheels of a lock as derivations, by how they are built, for ./builds.sh.
{
  pkgs,
  # A lock of wheels for Python 3.11, and what it was made for.
  lock,
  requirements,
}:

let
  inherit (pkgs) lib;
  set =
    (import ../. {
      inherit pkgs;
      python = "python311";
    }).mkNixpkgs
      { inherit lock requirements; };
  isPure = package: lib.hasSuffix "-any.whl" package.file;
  kinds = lib.partition isPure (lib.importJSON lock).packages;
  ours = map (package: set.python311.pkgs.${package.name});
  stock = packages: map (package: package.overridePythonAttrs { }) (ours packages);
in
{
  pure = ours kinds.right;
  pure-stock = stock kinds.right;
  binary = ours kinds.wrong;
  binary-stock = stock kinds.wrong;
}
