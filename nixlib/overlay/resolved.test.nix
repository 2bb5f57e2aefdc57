{
  lib,
  pkgs,
  scope,
  ...
}:

let
  resolved =
    (scope {
      inherit lib pkgs;
      python = null;
      fail = message: throw "mach-nix.mkPython: ${message}";
    }).resolved;
  arguments = {
    requirements = ../../tests/nix/locks/flask/requirements.txt;
    lock = ../../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  of = changes: resolved (arguments // changes);
in
{
  "the arguments with their defaults" = {
    expr = {
      inherit ((of { }).args) tests ignoreCollisions postBuild;
    };
    expected = {
      tests = false;
      ignoreCollisions = false;
      postBuild = "";
    };
  };
  "the packages of the lock" = {
    expr = (of { }).packages.flask.version;
    expected = "2.1.2";
  };
  "conda packages have the policy of the environment, and programs for shells and images" = {
    expr =
      let
        condaLock = import ../../tests/nix/conda/lock.nix { inherit lib; };
        found = resolved {
          inherit (condaLock) lock;
          python = "python311";
          ignoreCollisions = [ "docs" ];
          packagesExtra = [ pkgs.jq ];
        };
      in
      {
        inherit (found.packages.condaPackages) ignoreCollisions;
        programs = map lib.getName found.programs;
      };
    expected = {
      ignoreCollisions = [ "docs" ];
      programs = [
        (lib.getName pkgs.jq)
        "conda-programs"
      ];
    };
  };
  "the order of the overlays" = {
    expr =
      let
        note = text: _: super: { notes = super.notes or [ ] ++ [ text ]; };
        changed =
          text: _: super:
          lib.optionalAttrs (super ? click) {
            click = super.click.overrideAttrs (old: {
              postInstall = old.postInstall or "" + text;
            });
          };
        ps =
          (of {
            overridesPre = [
              (note "pre 1")
              (note "pre 2")
            ];
            overridesPost = [
              (note "post")
              (changed "post ")
            ];
            _fixes.click.it.postInstall.add = "fix ";
            _.click.postInstall.add = "_";
          }).python.pkgs;
      in
      {
        inherit (ps) notes;
        inherit (ps.click) postInstall;
      };
    expected = {
      notes = [
        "pre 1"
        "pre 2"
        "post"
      ];
      postInstall = "fix post _";
    };
  };
  "tests" = {
    expr = map (tests: (of { inherit tests; }).python.pkgs.click.doInstallCheck or false) [
      true
      false
    ];
    expected = [
      true
      false
    ];
  };
}
