# Wheels without binaries have the content that nixpkgs' own hooks give them (docs/decisions/0053).
{ pkgs }:

let
  inherit (pkgs) lib;
  lock = ./locks/wheels/mach-nix.lock;
  set =
    (import ../.. {
      inherit pkgs;
      python = "python311";
    }).mkNixpkgs
      {
        requirements = ./locks/wheels/requirements.txt;
        inherit lock;
      };
  python = set.python311;

  pure = lib.filter (package: lib.hasSuffix "-any.whl" package.file) (lib.importJSON lock).packages;
  packages = map (package: python.pkgs.${package.name}) pure;
  pairs = map (package: [
    "${package}"
    "${package.overridePythonAttrs { }}"
  ]) packages;
in
assert lib.length pairs >= 40;
# Otherwise both would be built in the same way.
assert lib.all (package: package.drvAttrs.builder == pkgs.python311.interpreter) packages;
{
  same-content = pkgs.runCommand "same-content" { pairs = builtins.toJSON pairs; } ''
    echo "$pairs" >pairs.json
    ${pkgs.python311.interpreter} -I ${./same_content.py} pairs.json | tee $out
  '';
}
