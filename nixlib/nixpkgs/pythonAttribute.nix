# The attribute of nixpkgs that has the interpreter of a version: `python312` for "3.12" and "3.12.4".
{ lib }:

version: "python${lib.replaceStrings [ "." ] [ "" ] (lib.versions.majorMinor version)}"
