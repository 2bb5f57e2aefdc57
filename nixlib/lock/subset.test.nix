{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  subset = (scope { inherit lib fail; }).subset;
  packages = lib.mapAttrs (name: fields: { inherit name; } // fields) {
    flask = {
      dependencies = [
        "asgiref"
        "click"
      ];
      extras = [ "async" ];
      needs = {
        flask = [ "click" ];
        "flask[async]" = [
          "asgiref"
          "flask"
        ];
      };
    };
    click = { };
    asgiref = { };
    pytest.dependencies = [ "iniconfig" ];
    iniconfig = { };
    colorama = { };
  };
  of =
    index: extras: groups:
    subset {
      lock = {
        file = "/project/mach-nix.lock";
        parts = {
          project = [
            "flask"
            {
              node = "colorama";
              targets = [ 1 ];
            }
          ];
          extras.web = [
            "flask"
            "flask[async]"
          ];
          groups.dev = [ "pytest" ];
        };
      };
      inherit index extras groups;
    } packages;
  names =
    index: extras: groups:
    lib.attrNames (of index extras groups);
in
{
  "the project alone" = {
    expr = names 0 [ ] [ ];
    expected = [
      "click"
      "flask"
    ];
  };
  "an edge of an extra that is not selected" = {
    expr = (of 0 [ ] [ ]).flask.dependencies;
    expected = [ "click" ];
  };
  "an extra of a package" = {
    expr = names 0 [ "Web" ] [ ];
    expected = [
      "asgiref"
      "click"
      "flask"
    ];
  };
  "a group, and a requirement of another target" = {
    expr = names 1 [ ] [ "dev" ];
    expected = [
      "click"
      "colorama"
      "flask"
      "iniconfig"
      "pytest"
    ];
  };
  "an unknown group" = {
    expr = of 0 [ ] [ "docs" ];
    expectedError.msg = "has no group `docs`; there are `dev`";
  };
}
