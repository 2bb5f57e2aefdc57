{ lib, pkgs, ... }:

let
  ask =
    nixpkgs: request:
    import ./inventory.nix {
      inherit nixpkgs;
      argument = builtins.toFile "request.json" (
        builtins.toJSON (
          {
            python = "python311";
            system = "x86_64-linux";
            ask = "packages";
            names = [ "packaging" ];
          }
          // request
        )
      );
    };

  # Says the arguments it got as the version of a package.
  recorder =
    parameters:
    builtins.toFile "recorder.nix" ''
      ${parameters}: {
        lib = import ${pkgs.path + "/lib"};
        python311 = {
          type = "derivation";
          libPrefix = "python3.11";
          executable = "python3.11";
          pkgs.packaging = {
            type = "derivation";
            pname = "packaging";
            version = builtins.toJSON arguments;
            pythonModule.libPrefix = "python3.11";
          };
        };
      }
    '';
  received = parameters: builtins.fromJSON (ask (recorder parameters) { }).packaging.version;
  settings = {
    config.allowAliases = false;
    overlays = [ ];
    system = "x86_64-linux";
  };
in
{
  "a package set by its path" = {
    expr = lib.mapAttrs (_: found: found.attribute) (ask pkgs.path { });
    expected.packaging = "packaging";
  };
  "all names" = {
    expr = lib.elem "packaging" (ask pkgs.path { ask = "names"; });
    expected = true;
  };
  "an interpreter that is not there" = {
    expr = ask pkgs.path { python = "python36"; };
    expected = null;
  };
  "a package set that fails is not one without the interpreter" = {
    expr = ask (builtins.toFile "broken.nix" ''{ ... }: throw "this nixpkgs is broken"'') { };
    expectedError.msg = "this nixpkgs is broken";
  };
  "settings of the user do not count" = {
    expr = received "arguments";
    expected = settings;
  };
  "a function gets the settings that it takes" = {
    expr = received "{ system, overlays ? null, other ? 1 }@arguments";
    expected = removeAttrs settings [ "config" ];
  };
}
