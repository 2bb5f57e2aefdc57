{
  lib,
  pkgs,
  scope,
  ...
}:

let
  python = pkgs.python311;
  modules = (scope { inherit lib; }).pythonModules python;
  module =
    name: attributes:
    {
      inherit name;
      outPath = "/nix/store/${name}";
      pythonModule = python;
    }
    // attributes;
  names = list: map (drv: drv.name) (lib.tail list);

  leaf = module "leaf" { };
  near = module "near" { directPythonModules = [ leaf ]; };
  other = module "other" { requiredPythonModules = [ leaf ]; };
  # Each needs all before it.
  chain =
    number:
    lib.foldl' (
      before: index: before ++ [ (module "p${toString index}" { directPythonModules = before; }) ]
    ) [ ] (lib.range 1 number);
in
{
  "each once, nearest first" = {
    expr = names (modules [
      near
      other
      near
    ]);
    expected = [
      "near"
      "other"
      "leaf"
    ];
  };
  "the interpreter is the first" = {
    expr = (lib.head (modules [ near ])).outPath == python.outPath;
    expected = true;
  };
  "what is not a module is left out" = {
    expr = names (modules [
      { outPath = "/nix/store/program"; }
      leaf
    ]);
    expected = [ "leaf" ];
  };
  "as nixpkgs has it" = {
    expr =
      let
        inherit (python.pkgs) installer wheel;
      in
      map toString (modules [
        installer
        wheel
      ]) == map toString (
        python.pkgs.requiredPythonModules [
          installer
          wheel
        ]
      );
    expected = true;
  };
  "many packages that need each other" = {
    expr = lib.length (modules (chain 300));
    expected = 301;
  };
}
