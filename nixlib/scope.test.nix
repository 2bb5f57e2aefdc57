{ lib, scope, ... }:

let
  files = import ./files.nix;
  context = [
    "lib"
    "pkgs"
    "fail"
    "python"
    "package"
    "pypiData"
  ];
  uses = lib.mapAttrs (_: file: lib.attrNames (builtins.functionArgs (import file))) files;
  dependencies = name: lib.filter (used: files ? ${used}) uses.${name};
  # Everything that a file depends on, itself only where there is a cycle.
  reached =
    name:
    map (found: found.key) (
      builtins.genericClosure {
        startSet = map (key: { inherit key; }) (dependencies name);
        operator = found: map (key: { inherit key; }) (dependencies found.key);
      }
    );

  below =
    folder:
    lib.concatLists (
      lib.mapAttrsToList (
        name: type:
        if type == "directory" then
          below (folder + "/${name}")
        else
          lib.optional (lib.hasSuffix ".nix" name && !(lib.hasSuffix ".test.nix" name)) (folder + "/${name}")
      ) (builtins.readDir folder)
    );
  shown = file: lib.removePrefix "${toString ./.}/" (toString file);
  # Files that are not functions of the scope: entry points of the command and of Nix, the maps, and the parts of the fixes.
  others = [
    "default.nix"
    "files.nix"
    "nixpkgs/packageSet.nix"
    "scope.nix"
  ];
  isOther =
    file: lib.elem file others || lib.hasPrefix "command/" file || lib.hasPrefix "fixes/" file;
in
{
  "a file has what it names" = {
    expr = (scope { }).normalName "A.B";
    expected = "a-b";
  };
  "the context goes before the files" = {
    expr = (scope { normalName = _: "replaced"; }).requirementKey "flask";
    expected = "replaced";
  };
  "names that a file uses are known" = {
    expr = lib.filterAttrs (_: names: names != [ ]) (
      lib.mapAttrs (_: lib.filter (name: !(files ? ${name} || lib.elem name context))) uses
    );
    expected = { };
  };
  "no file depends on itself by way of others" = {
    expr = lib.filter (name: lib.elem name (reached name)) (lib.attrNames files);
    expected = [ ];
  };
  "every file has a name" = {
    expr = lib.filter (file: !(isOther file)) (
      lib.subtractLists (map shown (lib.attrValues files)) (map shown (below ./.))
    );
    expected = [ ];
  };
}
