# Builds that must fail, each with a regular expression (as grep -E has it) for the log,
# and one that must not match it.
{ pkgs }:

let
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };
  flask =
    changes:
    machNix.mkPython (
      {
        requirements = ./locks/flask/requirements.txt;
        lock = ./locks/flask/mach-nix.lock;
      }
      // changes
    );
  file = text: "echo ${text} > $out/lib/python3.11/site-packages/same.txt";
in
{
  collision = {
    drv = flask {
      _.click.postInstall = file "one";
      _.itsdangerous.postInstall = file "two";
    };
    msg = "(click-8.1.3/lib/python3.11/site-packages/same.txt.*itsdangerous-2.1.2/lib/python3.11/site-packages/same.txt|itsdangerous-2.1.2/lib/python3.11/site-packages/same.txt.*click-8.1.3/lib/python3.11/site-packages/same.txt).*mach-nix: two packages of the environment hold different files of one name.*`_.<package>.postInstall.*`ignoreCollisions = true`";
    without = "after the links";
  };

  # What fails later is no collision.
  postBuild = {
    drv = flask { postBuild = "echo after the links; exit 3"; };
    msg = "after the links";
    without = "two packages of the environment";
  };
}
