{ lib, scope, ... }:

let
  targetIndex = (scope { inherit lib; }).targetIndex;
  target = python: system: { inherit python system; };
  index =
    version:
    targetIndex {
      lock.targets = [
        (target "3.11" "aarch64-linux")
        (target "3.11" "x86_64-linux")
        (target "3.11.9" "x86_64-linux")
      ];
      python = {
        inherit version;
        pythonVersion = lib.versions.majorMinor version;
      };
      system = "x86_64-linux";
    };
in
{
  "by the minor version" = {
    expr = index "3.11.2";
    expected = 1;
  };
  "by the patch level" = {
    expr = index "3.11.9";
    expected = 2;
  };
  "none" = {
    expr = index "3.12.1";
    expected = null;
  };
}
