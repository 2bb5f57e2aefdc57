# Lock files for tests: a small sound one, with the top-level fields given in place of its own, as a
# store path.  A string stands for the whole text of the file.
{ lib }:

let
  inherit (import ../../nixlib/scope.nix { inherit lib; }) digest;
  requirements = [
    "click==8.1.3"
    "flask==2.1.2"
  ];
  package = name: version: {
    inherit name version;
    provider = "wheel";
    file = "${name}-${version}-py3-none-any.whl";
    url = "https://example.org/${name}-${version}-py3-none-any.whl";
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };
  sound = {
    version = 1;
    request = {
      inherit requirements;
      digest = digest.digest requirements;
      providers._default = "wheel";
      indexes = [ "https://pypi.org/simple" ];
      prerelease = "if-necessary-or-explicit";
    };
    targets = [
      {
        python = "3.11";
        system = "x86_64-linux";
      }
    ];
    packages = [
      (package "click" "8.1.3")
      (package "flask" "2.1.2" // { dependencies = [ "click" ]; })
    ];
  };
in
{
  inherit package;
  text = "flask==2.1.2\nclick==8.1.3\n";
  data = sound;
  file =
    changes:
    builtins.toFile "mach-nix.lock" (
      if lib.isString changes then changes else builtins.toJSON (sound // changes)
    );
}
