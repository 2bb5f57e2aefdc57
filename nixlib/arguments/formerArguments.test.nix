{
  lib,
  machNix,
  scope,
  ...
}:

let
  former = (scope { }).formerArguments;
  known = (scope { }).knownArguments;
  arguments = {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
in
{
  "no former name is in use" = {
    expr = lib.filter (name: known ? ${name}) (
      lib.concatMap lib.attrNames [
        former.renamed
        former.ignored
        former.removed
      ]
    );
    expected = [ ];
  };
  "disable_checks is the opposite of tests" = {
    expr =
      map (former: (machNix.mkPython (arguments // former)).python.pkgs.click.doInstallCheck or false)
        [
          { disable_checks = false; }
          { disable_checks = true; }
        ];
    expected = [
      true
      false
    ];
  };
  "overrides_post" = {
    expr =
      (machNix.mkPython (arguments // { overrides_post = [ (_: _: { own = "kept"; }) ]; }))
      .python.pkgs.own;
    expected = "kept";
  };
  "ignoreDataOutdated changes nothing" = {
    expr = machNix.mkPython (arguments // { ignoreDataOutdated = true; }) == machNix.mkPython arguments;
    expected = true;
  };
}
