/**
  A setup hook for Python packages that open libraries by name, with `ctypes.util.find_library`, `ctypes.CDLL` or
  `dlopen` of cffi: it writes the paths of the libraries in `buildInputs` into their code, as nixpkgs does with patches.

  # Type

  ```
  libraryPathsHook :: Derivation
  ```

  # Example

  ```nix
  mach-nix.mkPython {
    requirements = "pyzbar";
    _.pyzbar.nativeBuildInputs.add = [ mach-nix.libraryPathsHook ];
    _.pyzbar.buildInputs.add = [ pkgs.zbar ];
  }
  ```
*/
{ pkgs, ... }:

pkgs.makeSetupHook {
  name = "library-paths-hook";
  # Not as a path, for the reason given in ./build/wheelPhase.nix.
  substitutions.script = builtins.toFile "library_paths.py" (
    builtins.readFile ./build/library_paths.py
  );
} (builtins.toFile "library-paths-hook.sh" (builtins.readFile ./build/library-paths.sh))
