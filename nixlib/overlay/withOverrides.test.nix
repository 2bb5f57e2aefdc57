{ pkgs, scope, ... }:

let
  inherit (scope { }) withOverrides;
  once = withOverrides pkgs.python311 (_: _: { own = "first"; });
  twice = withOverrides once (_: super: { own = "${super.own}, second"; });
in
{
  "overlays come on top of each other" = {
    expr = [
      once.pkgs.own
      twice.pkgs.own
    ];
    expected = [
      "first"
      "first, second"
    ];
  };
  "the packages are for the interpreter that has them" = {
    expr = twice.pkgs.python.pkgs.own;
    expected = "first, second";
  };
}
