/**
  The public functions of mach-nix.

  Each is in the file of its name, and is documented there.  ./scope.nix says how files depend on each other.

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

  inherit
    (import ./scope.nix {
      inherit lib;
      fail = message: throw "import mach-nix: ${message}";
    })
    checkArguments
    ;
  known = {
    pkgs = "set";
    python = null;
    pypiData = null;
    package = null;
  };

  exports = [
    "buildPythonApplication"
    "buildPythonPackage"
    "dockerImageWith"
    "fetchPypiSdist"
    "fetchPypiWheel"
    "libraryPathsHook"
    "mach-nix"
    "mergeOverrides"
    "mkDockerImage"
    "mkNixpkgs"
    "mkOverlay"
    "mkPython"
    "mkPythonOverrides"
    "mkPythonShell"
    "nixpkgs"
    "pythonWith"
    "rPackages"
    "with"
  ];

  # `fail` includes the name of the public function that the user called, even if it is implemented
  # by another one.
  scope =
    function:
    import ./scope.nix {
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
builtins.seq (checkArguments known arguments) (lib.genAttrs exports (name: (scope name).${name}))
