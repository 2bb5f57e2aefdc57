{
  lib,
  pkgs,
  machNix,
  scope,
  ...
}:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  overlay = machNix.mkOverlay arguments;
  extended = pkgs.appendOverlays [ overlay ];
in
{
  "the interpreter has the locked packages" = {
    expr = extended.python311.pkgs.flask == (machNix.mkPython arguments).python.pkgs.flask;
    expected = true;
  };
  "as has everything that uses it" = {
    expr =
      (extended.python311.withPackages (ps: [ ps.flask ])).drvPath
      == ((machNix.mkPython arguments).python.withPackages (ps: [ ps.flask ])).drvPath;
    expected = true;
  };
  "packages of nixpkgs see the resolved ones" = {
    expr =
      let
        lock = (import ../tests/nix/lockFile.nix { inherit lib; });
        requirements = [ "packaging==99.0" ];
        python =
          (pkgs.appendOverlays [
            (machNix.mkOverlay {
              requirements = "packaging==99.0";
              python = "python311";
              lock = lock.file {
                request = lock.data.request // {
                  inherit requirements;
                  digest = ((scope { inherit lib; }).digest).digest requirements;
                };
                targets = [
                  {
                    python = "3.11";
                    inherit (pkgs.stdenv.hostPlatform) system;
                  }
                ];
                packages = [ (lock.package "packaging" "99.0") ];
              };
            })
          ]).python311;
      in
      map (drv: drv.version) (
        lib.filter (drv: drv.pname or null == "packaging") python.pkgs.build.requiredPythonModules
      );
    expected = [ "99.0" ];
  };
  "overlays of the interpreter before it are kept" = {
    expr =
      (pkgs.appendOverlays [
        (final: prev: {
          python311 = prev.python311.override {
            self = final.python311;
            packageOverrides = _: _: { own = "kept"; };
          };
        })
        overlay
      ]).python311.pkgs.own;
    expected = "kept";
  };
  "only the interpreter is replaced" = {
    expr = lib.attrNames (overlay pkgs pkgs);
    expected = [ "python311" ];
  };
  "errors name mkOverlay" = {
    expr = (pkgs.extend (machNix.mkOverlay { python = "python311"; })).python311.pkgs.flask;
    expectedError.msg = "mach-nix.mkOverlay: the argument `requirements` is missing";
  };
}
