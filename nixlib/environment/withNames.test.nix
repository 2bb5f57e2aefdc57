{ lib, scope, ... }:

let
  withNames = (scope { }).withNames {
    names = [
      "click"
      "flask"
      "name"
    ];
    environment = selected: {
      drv.name =
        if selected == [ "flask" ] then throw "on the way" else lib.concatStringsSep " " selected;
      passthru = { inherit selected; };
    };
  };
in
{
  "names in the order they are given" = {
    expr = withNames.flask.click.name;
    expected = "flask click";
  };
  "each is a derivation" = {
    expr = map lib.isDerivation [
      withNames
      withNames.click
    ];
    expected = [
      true
      true
    ];
  };
  "the way there is not evaluated" = {
    expr = withNames.flask.name;
    expectedError.msg = "on the way";
  };
  "a package of the name of an attribute does not take its place" = {
    expr = withNames.name;
    expected = "";
  };
  "what else there is" = {
    expr = withNames.click._passthru.selected;
    expected = [ "click" ];
  };
}
