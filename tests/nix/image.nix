# The image that is unpacked and run.
{ pkgs }:

(import ../.. { inherit pkgs; }).mkDockerImage {
  requirements = ./locks/flask/requirements.txt;
  lock = ./locks/flask/mach-nix.lock;
}
