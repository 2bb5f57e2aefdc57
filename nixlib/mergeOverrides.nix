/**
  Several overlays as one, the first first.

  # Type

  ```
  mergeOverrides :: [ (AttrSet -> AttrSet -> AttrSet) ] -> (AttrSet -> AttrSet -> AttrSet)
  ```

  # Example

  ```nix
  python.override {
    packageOverrides = mach-nix.mergeOverrides [
      (mach-nix.mkPythonOverrides { requirements = ./requirements.txt; lock = ./mach-nix.lock; })
      (self: super: { flask = super.flask.overridePythonAttrs { doCheck = false; }; })
    ];
  }
  ```
*/
{ lib }:

lib.foldl' lib.composeExtensions (_: _: { })
