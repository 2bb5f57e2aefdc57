{
  lib,
  pkgs,
  scope,
  ...
}:

let
  inherited = (scope { inherit lib pkgs; }).inherited;
  python = pkgs.python311;
  inherit (python.pkgs) packaging setuptools;
  library = pkgs.zlib;
  program = pkgs.patchelf;

  attributes =
    {
      version ? "1.0",
      tests ? false,
    }:
    inherited.attributes {
      attributes = {
        pname = "x";
        src = "locked";
        passthru.provider = "sdist";
      };
      dependencies = [ "locked" ];
      package = {
        name = "x";
        inherit version;
      };
      inherit tests;
    };
  old = {
    version = "1.0";
    src = "nixpkgs";
    sourceRoot = "source/python";
    nativeBuildInputs = [
      setuptools
      program
    ];
    build-system = [ setuptools ];
    buildInputs = [ library ];
    propagatedBuildInputs = [
      packaging
      library
    ];
    nativeCheckInputs = [ setuptools ];
    patches = [ ./inherited.nix ];
    postPatch = "true";
    passthru.blas = "kept";
    meta = {
      broken = true;
      description = "kept";
    };
  };
  names = lib.mapAttrs (_: map (input: input.pname or input));
in
{
  "Python inputs come from the lock, others are kept" = {
    expr = names {
      inherit (attributes { } old)
        nativeBuildInputs
        buildInputs
        propagatedBuildInputs
        build-system
        nativeCheckInputs
        ;
    };
    expected = {
      nativeBuildInputs = [ program.pname ];
      buildInputs = [ library.pname ];
      propagatedBuildInputs = [
        "locked"
        library.pname
      ];
      build-system = [ ];
      nativeCheckInputs = [ ];
    };
  };
  "phases that a ready-made source does without come back" = {
    expr = lib.intersectLists [ "dontBuild" "dontUnpack" ] (
      lib.attrNames (
        lib.filterAttrs (_: value: value != null) (
          attributes { } (
            old
            // {
              dontBuild = true;
              dontUnpack = true;
            }
          )
        )
      )
    );
    expected = [ ];
  };
  "what is about nixpkgs' source is dropped" = {
    expr = {
      inherit (attributes { } old)
        src
        sourceRoot
        meta
        passthru
        ;
    };
    expected = {
      src = "locked";
      sourceRoot = null;
      meta.description = "kept";
      passthru = {
        blas = "kept";
        provider = "sdist";
      };
    };
  };
  "crates of nixpkgs' source are not those of the lock" = {
    expr =
      let
        new = attributes { } (
          old
          // {
            cargoDeps = throw "the crates of nixpkgs are not used";
            cargoRoot = "src/rust";
          }
        );
      in
      {
        inherit (new)
          cargoDeps
          cargoRoot
          dontCargoSetupPostUnpack
          cargoVendorDir
          ;
        elsewhere = attributes { } old ? cargoVendorDir;
      };
    expected = {
      cargoDeps = null;
      cargoRoot = null;
      dontCargoSetupPostUnpack = true;
      cargoVendorDir = ".";
      elsewhere = false;
    };
  };
  "patches of the same version are left to nixpkgs" = {
    expr = attributes { } old ? patchPhase;
    expected = false;
  };
  "patches of another version count if they fit" = {
    expr =
      let
        new = attributes { version = "2.0"; } old;
      in
      {
        inherit (new) patches;
        isTried = lib.hasInfix "--dry-run" new.patchPhase;
      };
    expected = {
      patches = [ ];
      isTried = true;
    };
  };
  "inputs of tests are kept for tests" = {
    expr = attributes { tests = true; } old ? nativeCheckInputs;
    expected = false;
  };

  "a definition" = {
    expr = (inherited.definition python "setuptools").pname;
    expected = "setuptools";
  };
  "no definition" = {
    expr = inherited.definition python "unheard-of";
    expected = null;
  };
  "a function of the set is no definition" = {
    expr = inherited.definition python "buildPythonPackage";
    expected = null;
  };
  "a name that nixpkgs has removed" = {
    expr = inherited.definition { pkgs.x = throw "removed"; } "x";
    expected = null;
  };
}
