{ lib, scope, ... }:

let
  setupCfg = (scope { inherit lib; }).setupCfg;
in
{
  "sections, continued values and comments" = {
    expr = setupCfg ''
      # comment
      [metadata]
      Name = demo
      version: 1.0
      [options]
      install_requires =
          click>=8
          # comment
          flask ; python_version > "3"
      ; comment
      [options.extras_require]
      web = requests
    '';
    expected = {
      metadata = {
        name = [ "demo" ];
        version = [ "1.0" ];
      };
      options.install_requires = [
        "click>=8"
        "flask ; python_version > \"3\""
      ];
      "options.extras_require".web = [ "requests" ];
    };
  };
  "an empty file" = {
    expr = setupCfg "";
    expected = { };
  };
}
