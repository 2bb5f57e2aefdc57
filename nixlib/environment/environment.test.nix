{ lib, pkgs, ... }:

let
  environment = import ./environment.nix { inherit lib; } pkgs.python311;
  with' = arguments: environment ({ extraLibs = [ pkgs.python311.pkgs.wheel ]; } // arguments);
in
{
  "it is an environment of the interpreter" = {
    expr = {
      inherit (with' { }) name;
      inherit ((with' { }).passthru) pythonVersion;
    };
    expected = {
      name = "${pkgs.python311.name}-env";
      pythonVersion = "3.11";
    };
  };
  "override takes the arguments of nixpkgs' buildEnv" = {
    expr = map (arguments: (with' { }).override arguments == with' arguments) [
      { postBuild = "touch $out/done"; }
      { makeWrapperArgs = [ "--set A b" ]; }
      { ignoreCollisions = [ "docs" ]; }
      { extraLibs = [ ]; }
    ];
    expected = [
      true
      true
      true
      true
    ];
  };
  "each argument counts" = {
    expr = lib.length (
      lib.unique (
        map (arguments: (with' arguments).drvPath) [
          { }
          { postBuild = "touch $out/done"; }
          { makeWrapperArgs = [ "--set A b" ]; }
          { ignoreCollisions = true; }
          { ignoreCollisions = [ "docs" ]; }
          { permitUserSite = true; }
        ]
      )
    );
    expected = 6;
  };
}
