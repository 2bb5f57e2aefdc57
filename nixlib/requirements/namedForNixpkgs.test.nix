{ lib, scope, ... }:

let
  named = (scope { inherit lib; }).namedForNixpkgs;
  asked.lines = [
    "--pre"
    "flask[async]>=2 ; python_version > '3'"
    "numpy"
  ];
in
{
  "by default nothing" = {
    expr = named {
      inherit asked;
      providers = null;
    };
    expected = [ ];
  };
  "packages with a list of their own" = {
    expr = named {
      inherit asked;
      providers = {
        _default = "wheel";
        requests = "nixpkgs";
        scipy = "wheel|nixpkgs,sdist";
        numpy = "wheel";
      };
    };
    expected = [
      "requests"
      "scipy"
    ];
  };
  "all that is asked for" = {
    expr = named {
      inherit asked;
      providers._default = "wheel,nixpkgs";
    };
    expected = [
      "flask"
      "numpy"
    ];
  };
}
