/**
  The public functions of mach-nix.

  This file is the map from each exported name to the one file that holds it.  Every file takes
  a context and gives the function; nothing else is shared between them.

  # Inputs

  `pkgs`
  : the nixpkgs package set that everything is built with

  `python`
  : the interpreter to use where a call names none: an interpreter derivation or the name of an
    attribute of `pkgs`, such as `"python311"`; `null` means `pkgs.python3`

  `pypiData`
  : the snapshot of an index that is resolved over where there is no lock: a path (default: a small one
    of common packages that comes with this library)

  `package`
  : the `mach-nix` that resolves where there is no lock: a derivation with `bin/mach-nix`, or the path
    of the program (default: it is built from this repository with `pkgs.rustPlatform`)

  # Type

  ```
  { pkgs :: Nixpkgs; python :: Null | String | Interpreter; ... } -> { mkPython :: ...; ... }
  ```

  # Example

  ```nix
  (import ./. { pkgs = import <nixpkgs> { }; }).mkPython {
    requirements = ./requirements.txt;
    lock = ./mach-nix.lock;
  }
  ```
*/
{
  pkgs ? import <nixpkgs> { },
  python ? null,
  pypiData ? ./snapshot/common.snapshot,
  package ? null,
  ...
}@arguments:

let
  inherit (pkgs) lib;

  checkArguments = import ./internal/arguments.nix {
    inherit lib;
    fail = message: throw "import mach-nix: ${message}";
  };
  known = {
    pkgs = "set";
    python = null;
    pypiData = null;
    package = null;
  };

  exports = {
    buildPythonApplication = ./buildPythonApplication.nix;
    buildPythonPackage = ./buildPythonPackage.nix;
    dockerImageWith = ./dockerImageWith.nix;
    fetchPypiSdist = ./fetchPypiSdist.nix;
    fetchPypiWheel = ./fetchPypiWheel.nix;
    libraryPathsHook = ./libraryPathsHook.nix;
    mach-nix = ./mach-nix.nix;
    mergeOverrides = ./mergeOverrides.nix;
    mkDockerImage = ./mkDockerImage.nix;
    mkNixpkgs = ./mkNixpkgs.nix;
    mkOverlay = ./mkOverlay.nix;
    mkPython = ./mkPython.nix;
    mkPythonOverrides = ./mkPythonOverrides.nix;
    mkPythonShell = ./mkPythonShell.nix;
    nixpkgs = ./nixpkgs.nix;
    pythonWith = ./pythonWith.nix;
    rPackages = ./rPackages.nix;
    "with" = ./with.nix;
  };

  # `fail` knows by which name the user called, also when one public function is made of another.
  context = function: {
    inherit
      lib
      pkgs
      python
      pypiData
      package
      ;
    fail = message: throw "mach-nix.${function}: ${message}";
  };
in
builtins.seq (checkArguments known arguments) (
  lib.mapAttrs (name: file: import file (context name)) exports
)
