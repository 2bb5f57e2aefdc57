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
  site = "$out/lib/python3.11/site-packages";
  files = who: ''
    mkdir -p $out/bin ${site}/deep
    printf '#!%s\nprint("${who}")\n' "$(command -v python3.11)" > $out/bin/tool
    chmod +x $out/bin/tool
    echo "who = '${who}'" | tee ${site}/same.py ${site}/deep/same.py > ${site}/README.txt
  '';
in
{
  # One report with everything, by the names of the sources.
  collision = {
    drv = flask {
      _.click.postInstall = files "click";
      _.itsdangerous.postInstall = files "itsdangerous";
    };
    msg = "mach-nix: packages of this environment have different files of the same name: in itsdangerous 2.1.2 and click 8.1.3: deep/same.py same.py the program `tool` is that of click 8.1.3; another one is in itsdangerous 2.1.2 Require only one of these packages .* `ignoreCollisions = \\[ \"deep/same.py\" \"same.py\" \\];`";
    without = "after the links|README|[.]pyc|-wrapped";
  };

  # Only what is named is accepted.
  another-collision = {
    drv = flask {
      ignoreCollisions = [ "deep" ];
      _.click.postInstall = files "click";
      _.itsdangerous.postInstall = files "itsdangerous";
    };
    msg = "in itsdangerous 2.1.2 and click 8.1.3: same.py the program";
    without = "deep/same.py";
  };

  # A folder with a name such as `tools` may be what a package is for.
  own-tools = {
    drv = flask {
      _.click.postInstall = "mkdir ${site}/tools; echo 1 > ${site}/tools/x.py";
      _.itsdangerous.postInstall = ''
        mkdir ${site}/tools
        echo 2 > ${site}/tools/x.py
        printf '[console_scripts]\nx = tools.x:main\n' > ${site}/itsdangerous-2.1.2.dist-info/entry_points.txt
      '';
    };
    msg = "in itsdangerous 2.1.2 and click 8.1.3: tools/x.py";
    without = "after the links";
  };

  # Later failures are not collisions.
  postBuild = {
    drv = flask { postBuild = "echo after the links; exit 3"; };
    msg = "after the links";
    without = "different files of the same name";
  };
}
