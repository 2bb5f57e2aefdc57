{ lib, scope, ... }:

let
  key = (scope { inherit lib; }).requirementKey;
in
{
  "equal requirements" = {
    expr = lib.unique (
      map key [
        "Flask_Login[B,a] >= 1, <2 ; (python_version > '3')"
        "flask-login[a,b]<2,>=1;python_version>\"3\""
        "flask.login[a, b] (<2,>=1) ; python_version > \"3\""
      ]
    );
    expected = [ "flask-login[a,b]<2,>=1;python_version>\"3\"" ];
  };
  "a name" = {
    expr = key "Click";
    expected = "click";
  };
  "an address" = {
    expr = key "x @ https://example.org/x.tar.gz";
    expected = "x@https://example.org/x.tar.gz";
  };
}
