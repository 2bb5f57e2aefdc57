# The image that is unpacked and run.
{ pkgs }:

(import ../.. {
  inherit pkgs;
  python = "python311";
}).mkDockerImage
  {
    requirements = ./locks/flask/requirements.txt;
    lock = ./locks/flask/mach-nix.lock;
  }
