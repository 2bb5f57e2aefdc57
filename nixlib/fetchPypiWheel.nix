/**
  A wheel of the Python Package Index, by nixpkgs' `fetchPypi`.

  # Inputs

  `file`
  : the name of the file

  `hash`
  : the hash of the file, as `sha256-…`

  # Type

  ```
  fetchPypiWheel :: { file :: String; hash :: String; } -> Derivation
  ```

  # Example

  ```nix
  mach-nix.fetchPypiWheel {
    file = "requests-2.24.0-py2.py3-none-any.whl";
    hash = "sha256-/nXMlKlEO5JG/HBJIk91YEsRPDasuT+HuA7ULETLuJg=";
  }
  => «derivation /nix/store/…-requests-2.24.0-py2.py3-none-any.whl.drv»
  ```
*/
{
  lib,
  fail,
  checkArguments,
  fetchPypi,
}:

let
  # https://packaging.python.org/en/latest/specifications/binary-distribution-format/
  parse =
    file:
    let
      parts = builtins.match "([^-]+)-([^-]+)(-[0-9][^-]*)?-([^-]+)-([^-]+)-([^-]+)[.]whl" file;
      part = lib.elemAt parts;
      build = part 2;
    in
    if parts == null then
      fail "`file` must be the name of a wheel such as `\"requests-2.24.0-py2.py3-none-any.whl\"`, but is `\"${file}\"`"
    else
      {
        format = "wheel";
        pname = part 0;
        version = part 1 + (if build == null then "" else build);
        python = part 3;
        dist = part 3;
        abi = part 4;
        platform = part 5;
      };
in
fetchPypi.withHash
  "fetchPypiWheel { file = \"requests-2.24.0-py2.py3-none-any.whl\"; hash = \"sha256-…\"; }"
  (
    arguments:
    let
      args =
        fetchPypi.required
          [
            "file"
            "hash"
          ]
          (
            checkArguments {
              file = "string";
              hash = "string";
            } arguments
          );
    in
    fetchPypi.fetch (parse args.file // { inherit (args) hash; })
  )
