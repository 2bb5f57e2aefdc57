{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherit (scope { inherit lib; }) condaProgram;
  program =
    name:
    condaProgram {
      python = pkgs.python311;
      system = "x86_64-linux";
      program = name;
      arguments = [ "argument" ];
    };
  namesOf =
    attributes:
    map (file: lib.substring 44 (-1) (builtins.unsafeDiscardStringContext file)) attributes.programs;
  # What a file imports that is one of these programs.
  importsOf =
    file:
    lib.filter (name: builtins.pathExists (./. + "/${name}.py")) (
      lib.concatMap (
        line:
        let
          found = builtins.match "(from|import) ([a-z_]+).*" line;
        in
        lib.optional (found != null) (lib.last found)
      ) (lib.splitString "\n" (builtins.readFile (./. + "/${file}")))
    );
in
{
  "the interpreter runs the program" = {
    expr =
      let
        attributes = program "unpack.py";
      in
      {
        builder = attributes.builder == pkgs.python311.interpreter;
        arguments = lib.tail attributes.args;
        names = namesOf attributes;
      };
    expected = {
      builder = true;
      arguments = [
        "unpack.py"
        "argument"
      ];
      names = [ "unpack.py" ];
    };
  };
  "with the modules that it imports, and those that these import" = {
    expr =
      lib.concatMap
        (
          name:
          let
            names = namesOf (program name);
          in
          lib.filter (module: !(lib.elem "${module}.py" names)) (
            lib.concatMap importsOf (lib.filter (name: builtins.pathExists (./. + "/${name}")) names)
          )
        )
        [
          "unpack.py"
          "link.py"
          "project.py"
          "support.py"
        ];
    expected = [ ];
  };
}
