# Wheels have the content that nixpkgs' own hooks give them (docs/decisions/0053).
{ pkgs }:

let
  inherit (pkgs) lib;
  library = import ../.. {
    inherit pkgs;
    python = "python311";
  };
  packagesOf =
    name:
    let
      lock = ./locks + "/${name}/mach-nix.lock";
      set = library.mkNixpkgs {
        requirements = ./locks + "/${name}/requirements.txt";
        inherit lock;
      };
    in
    map (package: set.python311.pkgs.${package.name}) (lib.importJSON lock).packages;

  packages = lib.concatMap packagesOf [
    "wheels"
    "linked"
    "science"
  ];
  pairs = map (package: [
    "${package}"
    "${package.overridePythonAttrs { }}"
  ]) packages;
in
assert lib.length pairs >= 80;
# Otherwise both would be built in the same way.
assert lib.all (package: package.drvAttrs.builder == pkgs.python311.interpreter) packages;
{
  same-content = pkgs.runCommand "same-content" { pairs = builtins.toJSON pairs; } ''
    echo "$pairs" >pairs.json
    ${pkgs.python311.interpreter} -I ${./same_content.py} pairs.json | tee $out
  '';
}
