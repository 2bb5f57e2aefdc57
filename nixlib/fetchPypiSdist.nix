/**
  A source distribution of the Python Package Index, by nixpkgs' `fetchPypi`.

  # Inputs

  `pname`
  : the name as it is in the name of the file

  `version`
  : the version

  `hash`
  : the hash of the file, as `sha256-…`

  `extension`
  : of the file (default: `tar.gz`)

  # Type

  ```
  fetchPypiSdist :: { pname :: String; version :: String; hash :: String; extension :: String ? "tar.gz"; } -> Derivation
  ```

  # Example

  ```nix
  mach-nix.fetchPypiSdist {
    pname = "requests";
    version = "2.24.0";
    hash = "sha256-s1WaEx23LDPulpSAhA//S7bdER3n3SfI7h+CD08AIxs=";
  }
  => «derivation /nix/store/…-requests-2.24.0.tar.gz.drv»
  ```
*/
{ checkArguments, fetchPypi }:

fetchPypi.withHash
  "fetchPypiSdist { pname = \"requests\"; version = \"2.24.0\"; hash = \"sha256-…\"; }"
  (
    arguments:
    fetchPypi.fetch (
      fetchPypi.required
        [
          "pname"
          "version"
          "hash"
        ]
        (
          checkArguments {
            pname = "string";
            version = "string";
            hash = "string";
            extension = "string";
          } arguments
        )
    )
  )
