{ machNix, ... }:

let
  arguments = {
    requirements = ../tests/nix/locks/flask/requirements.txt;
    lock = ../tests/nix/locks/flask/mach-nix.lock;
    python = "python311";
  };
  nixpkgs = machNix.mkNixpkgs arguments;
in
{
  "has the locked packages" = {
    expr = nixpkgs.python311.pkgs.flask == (machNix.mkPython arguments).python.pkgs.flask;
    expected = true;
  };
  "can be extended further" = {
    expr = (nixpkgs.extend (_: _: { own = "kept"; })).python311.pkgs.flask.version;
    expected = "2.1.2";
  };
  "errors name mkNixpkgs" = {
    expr = (machNix.mkNixpkgs { }).python311.pkgs.flask;
    expectedError.msg = "mach-nix.mkNixpkgs: the argument `requirements` is missing";
  };
}
