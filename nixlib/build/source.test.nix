{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  source = (scope { inherit lib pkgs fail; }).source;
  local = path: {
    name = "x";
    inherit path;
    folder = ../../tests/nix/projects;
  };
  hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
in
{
  "a file behind an address" = {
    expr =
      (source {
        name = "x";
        file = "x-1!2.0.zip";
        url = "https://example.org/x-1%212.0.zip";
        inherit hash;
      }).src.name;
    expected = "x-1_2.0.zip";
  };

  "Nix itself downloads wheels that need no more than an address" = {
    expr =
      let
        inherit
          (source {
            name = "x";
            provider = "wheel";
            file = "x-1!2.0-py3-none-any.whl";
            url = "https://example.org/x-1%212.0-py3-none-any.whl";
            inherit hash;
          })
          src
          ;
      in
      {
        inherit (src)
          name
          url
          outputHash
          builder
          ;
      };
    expected = {
      name = "x-1_2.0-py3-none-any.whl";
      url = "https://example.org/x-1%212.0-py3-none-any.whl";
      outputHash = hash;
      builder = "builtin:fetchurl";
    };
  };

  "a git repository" = {
    expr =
      let
        inherit
          (source {
            name = "x";
            git = {
              url = "https://example.org/x";
              rev = "0123456789012345678901234567890123456789";
            };
            inherit hash;
          })
          src
          ;
      in
      {
        inherit (src) url rev outputHash;
      };
    expected = {
      url = "https://example.org/x";
      rev = "0123456789012345678901234567890123456789";
      outputHash = hash;
    };
  };
  "a subdirectory of a git repository" = {
    expr =
      (source {
        name = "x";
        git = {
          url = "https://example.org/x";
          rev = "0123456789012345678901234567890123456789";
          subdirectory = "a b";
        };
        inherit hash;
      }).postUnpack;
    expected = "sourceRoot+=/'a b'\n";
  };

  "a folder" = {
    expr = lib.attrNames (builtins.readDir (source (local "./cluttered")).src);
    expected = [
      "kept.py"
      "pyproject.toml"
    ];
  };
  "a file" = {
    expr =
      lib.hasSuffix "-x-1.0.tar.gz"
        (source (
          local "cluttered/kept.py"
          // {
            file = "x-1.0.tar.gz";
            inherit hash;
          }
        )).src;
    expected = true;
  };
  "a file that changed" = {
    expr =
      (source (
        local "cluttered/kept.py"
        // {
          file = "x-1.0.tar.gz";
          hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        }
      )).src;
    expectedError.msg = "store path mismatch|hash mismatch";
  };
  "no such folder" = {
    expr = (source (local "./missing")).src;
    expectedError.msg = "mach-nix.mkPython: package `x` is locked from `./missing`, but there is no `/.*/projects/./missing` \\(in a flake, `git add` it\\)|there is no `/.*/projects/missing`";
  };
  "an absolute path" = {
    expr = (source (local "/etc")).src;
    expectedError.msg = "package `x` is locked from the absolute path `/etc`; lock it from a path relative to the lock file";
  };
}
