# The attributes of a derivation whose builder is the interpreter, running a program of this folder.
{ lib }:

let
  # Not as paths: they have to be the same files in the store wherever the library is (docs/decisions/0034).
  file = name: text: builtins.toFile name text;
  own = name: file name (builtins.readFile (./. + "/${name}"));

  patchBinaries = builtins.readFile ../build/patch_binaries.py;
  modules = {
    "collisions.py" = file "collisions.py" (builtins.readFile ../environment/collisions.py);
    # What it knows of ELF files, without what it does as a program.
    "elf.py" =
      assert lib.hasSuffix "\nmain()\n" patchBinaries;
      file "elf.py" (lib.removeSuffix "main()\n" patchBinaries);
  };

  # The modules that each program imports.
  imports = {
    "unpack.py" = [ ];
    "link.py" = [
      "activation.py"
      "binaries.py"
      "collisions.py"
      "elf.py"
      "package.py"
      "relocate.py"
    ];
    "project.py" = [ "records.py" ];
    "support.py" = [ "records.py" ];
  };
in
{
  # The interpreter without the locked packages.
  python,
  system,
  program,
  arguments ? [ ],
}:
{
  inherit system;
  builder = python.interpreter;
  args = [
    (own "run.py")
    program
  ]
  ++ arguments;
  programs = map (name: modules.${name} or (own name)) ([ program ] ++ imports.${program});

  # As in ../build/leanWheel.nix.
  PATH = "${python}/bin";
  PYTHONHASHSEED = "0";
  PYTHONNOUSERSITE = "1";
  PYTHONDONTWRITEBYTECODE = "1";
  SOURCE_DATE_EPOCH = "315532800";
  LANG = "C.UTF-8";
}
