{
  lib,
  pkgs,
  scope,
  ...
}:

let
  fail = message: throw "mach-nix lock: ${message}";
  among =
    pkgs:
    (scope {
      inherit lib pkgs fail;
    }).nearestPython;
  interpreter = version: pkgs.python3 // { pythonVersion = version; };
  nearest =
    version:
    (among {
      python39 = interpreter "3.9";
      python311 = interpreter "3.11";
      python312 = throw "python312 has been removed";
      python313 = interpreter "3.13";
    } version).pythonVersion;
in
{
  "the version itself" = {
    expr = nearest "3.11";
    expected = "3.11";
  };
  "one that is refused does not count" = {
    expr = nearest "3.12";
    expected = "3.11";
  };
  "the end of the list" = {
    expr = nearest "3.20";
    expected = "3.13";
  };
  "none" = {
    expr = among { } "3.11";
    expectedError.msg = "mach-nix lock: the package set has none of `python37` to `python330`; use another nixpkgs";
  };
}
