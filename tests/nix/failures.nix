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

  # A package from an archive with files of these names, which Python writes as they are.
  wheelOf =
    {
      files,
      link ? "",
      # Whether nixpkgs' hooks install it.
      isFull ? false,
    }:
    let
      scope = import ../../nixlib/scope.nix {
        inherit pkgs;
        inherit (pkgs) lib;
        source = _: { inherit src; };
      };
      src =
        pkgs.runCommand "odd-1.0-py3-none-any.whl"
          {
            files = builtins.toJSON files;
            inherit link;
          }
          ''
            cat >write.py <<'PY'
            import json, os, warnings, zipfile
            warnings.simplefilter("ignore")
            sound = [
                ["odd-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n"],
                ["odd-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"],
                ["odd-1.0.dist-info/RECORD", ""],
            ]
            with zipfile.ZipFile(os.environ["out"], "w") as archive:
                for name, text in json.loads(os.environ["files"]) or sound:
                    archive.writestr(name, text)
                if os.environ["link"]:
                    member = zipfile.ZipInfo(os.environ["link"])
                    member.external_attr = 0o120777 << 16
                    archive.writestr(member, "/etc/passwd")
            PY
            ${pkgs.python311.interpreter} -I write.py
          '';
      package = {
        name = "odd";
        version = "1.0";
        file = "odd-1.0-py3-none-any.whl";
      };
      arguments = {
        python = pkgs.python311;
        inherit package;
        dependencies = [ ];
      };
    in
    if isFull then
      scope.buildWheel (arguments // { tests = true; })
    else
      scope.leanWheel (
        arguments
        // {
          isBinary = false;
          full = { };
          inherit src;
        }
      );
  info = "odd-1.0.dist-info";
  outsideOf = isFull: name: {
    drv = wheelOf {
      inherit isFull;
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          name
          "x"
        ]
      ];
    };
    msg = "error: can't install the wheel `odd-1.0-py3-none-any.whl`: its file `${name}` would be written outside of the package; lock its source with `mach-nix lock --provider odd=sdist`";
    without = "Traceback";
  };
  outside = outsideOf false;
  files = who: ''
    mkdir -p $out/bin ${site}/deep
    printf '#!%s\nprint("${who}")\n' "$(command -v python3.11)" > $out/bin/tool
    chmod +x $out/bin/tool
    echo "who = '${who}'" | tee ${site}/same.py ${site}/deep/same.py > ${site}/README.txt
  '';
in
{
  # Archives that are no wheels, or would write elsewhere.
  wheel-above = outside "../above.py";
  full-wheel-above = outsideOf true "../above.py";
  full-wheel-absolute-in-scheme = outsideOf true "odd-1.0.data/data//absolute.py";
  wheel-above-later = outside "odd/../../above.py";
  wheel-absolute = outside "/absolute.py";
  wheel-absolute-in-scheme = outside "odd-1.0.data/data//absolute.py";
  wheel-above-in-scheme = outside "odd-1.0.data/scripts/../../../above";
  wheel-drive = outside "C:/drive.py";
  wheel-backslash = {
    drv = wheelOf {
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          "..\\above.py"
          ""
        ]
      ];
    };
    msg = "above.py` would be written outside of the package";
    without = "Traceback";
  };
  wheel-other-scheme = {
    drv = wheelOf {
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          "odd-1.0.data/system/file"
          ""
        ]
      ];
    };
    msg = "its file `odd-1.0.data/system/file` is for a folder that wheels don't have; they have purelib, platlib, headers, scripts, data";
    without = "Traceback";
  };
  wheel-link = {
    drv = wheelOf {
      files = [ ];
      link = "odd/link.py";
    };
    msg = "its file `odd/link.py` is a symbolic link";
    without = "Traceback";
  };
  wheel-twice = {
    drv = wheelOf {
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          "odd.py"
          "one"
        ]
        [
          "odd.py"
          "two"
        ]
      ];
    };
    msg = "it has the file `odd.py` twice";
    without = "Traceback";
  };
  wheel-without-metadata = {
    drv = wheelOf {
      files = [
        [
          "odd.py"
          ""
        ]
      ];
    };
    msg = "it has no folder `\\*[.]dist-info`";
    without = "Traceback";
  };
  wheel-with-more-metadata = {
    drv = wheelOf {
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          "even-1.0.dist-info/RECORD"
          ""
        ]
      ];
    };
    msg = "it has several folders `\\*[.]dist-info` [(]even-1.0.dist-info, odd-1.0.dist-info[)]";
    without = "Traceback";
  };
  wheel-program-elsewhere = {
    drv = wheelOf {
      files = [
        [
          "${info}/RECORD"
          ""
        ]
        [
          "${info}/entry_points.txt"
          "[console_scripts]\n../program = odd:main\n"
        ]
      ];
    };
    msg = "its program `../program` would be written outside of the folder of programs";
    without = "Traceback";
  };

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
