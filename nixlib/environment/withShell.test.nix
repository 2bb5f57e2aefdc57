{ lib, pkgs, ... }:

let
  inherit (pkgs.python311) buildEnv;
  result = import ./withShell.nix { inherit pkgs; } {
    environment = buildEnv;
    programs = [ pkgs.jq ];
    passthru = self: { place = "${self}/bin"; };
  };
  changed = result.overrideAttrs { postBuild = "touch $out/changed"; };
in
{
  "a shell has the environment and the programs" = {
    expr = map lib.getName result.nativeBuildInputs;
    expected = map lib.getName [
      buildEnv
      pkgs.jq
    ];
  };
  "it has the attributes of the environment and those given" = {
    expr = [
      result.pythonVersion
      (result.place == "${result}/bin")
      (result.name == buildEnv.name)
    ];
    expected = [
      "3.11"
      true
      true
    ];
  };
  "overrideAttrs changes the environment" = {
    expr = [
      (lib.head changed.nativeBuildInputs).postBuild
      (changed.place == "${changed}/bin")
      (changed.place == result.place)
    ];
    expected = [
      "touch $out/changed"
      true
      false
    ];
  };
}
