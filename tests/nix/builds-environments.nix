# Programs of an environment, and files that several packages have.  The packages are those of
# ./locks/flask, with files that they do not have.
{ pkgs }:

let
  inherit (pkgs) lib;
  inherit (import ./check.nix { inherit pkgs; }) works;
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

  # From names of files to their contents, for one package; programs are executable.
  having =
    files:
    lib.concatStrings (
      lib.mapAttrsToList (file: content: ''
        path=$out/${lib.replaceStrings [ "@site@" ] [ "lib/python3.11/site-packages" ] file}
        mkdir -p "$(dirname "$path")"
        cat ${builtins.toFile "content" content} > "$path"
        case $path in
          */bin/*.txt) ;;
          */bin/*) substituteInPlace "$path" --replace @python@ "$(command -v python3.11)"; chmod +x "$path" ;;
        esac
      '') files
    );
  script = lines: "#!@python@\n${lines}";

  siblings = flask {
    _.click.postInstall = having {
      "bin/starts-python" = script ''
        import subprocess
        subprocess.run(["python", "-c", "import flask, sys; print(sys.prefix)"], check=True)
      '';
      "bin/starts-sibling" = script ''
        import subprocess
        subprocess.run(["flask", "--version"], check=True)
      '';
      "bin/starts-itself" = script ''
        import pathlib, subprocess, sys
        assert pathlib.Path(sys.argv[0]).parent.joinpath("flask").exists(), sys.argv
        if sys.argv[1:]:
            print("again")
        else:
            subprocess.run([sys.executable, sys.argv[0], "again"], check=True)
      '';
      "bin/of-the-shell" = ''
        #!/bin/sh
        exec python -c 'import flask; print("by a shell")'
      '';
      "bin/reads-beside" = script ''
        import pathlib
        print(pathlib.Path(__file__).with_name("beside.txt").read_text())
      '';
      "bin/beside.txt" = "beside";
    };
  };

  shared = flask {
    _.click.postInstall = having {
      "bin/tool" = script "print('of click')";
      "bin/shell-tool" = "#!/bin/sh\necho of click\n";
      "LICENSE" = "MIT";
      "@site@/README.md" = "click";
      "@site@/examples/__init__.py" = "who = 'click'";
      "@site@/docs/conf.py" = "who = 'click'";
      "@site@/shared/__init__.py" = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)";
      "@site@/shared/click.py" = "";
      "@site@/shared/py.typed" = "partial";
      "@site@/shared/same.py" = "same = True";
    };
    _.flask.postInstall = having {
      "bin/tool" = script "print('of flask')";
      "bin/shell-tool" = "#!/bin/sh\necho of flask\n";
      "LICENSE" = "BSD";
      "@site@/README.md" = "flask";
      "@site@/examples/__init__.py" = "who = 'flask'";
      "@site@/docs/conf.py" = "who = 'flask'";
      "@site@/shared/__init__.py" = ''
        try:
            __import__("pkg_resources").declare_namespace(__name__)
        except ImportError:
            __path__ = __import__("pkgutil").extend_path(__path__, __name__)
      '';
      "@site@/shared/flask.py" = "";
      "@site@/shared/py.typed" = "";
      "@site@/shared/same.py" = "same = True";
    };
  };

  modules = {
    _.click.postInstall = having {
      "@site@/whose.py" = "who = 'click'";
      "@site@/deep/whose.py" = "who = 'click'";
    };
    _.itsdangerous.postInstall = having {
      "@site@/whose.py" = "who = 'itsdangerous'";
      "@site@/deep/whose.py" = "who = 'itsdangerous'";
    };
  };
  ignored = map (ignoreCollisions: flask (modules // { inherit ignoreCollisions; })) [
    true
    [
      "whose.py"
      "deep"
    ]
    [ "*.py" ]
  ];

  nothing = flask { };
in
{
  a-program-starts-another-of-its-environment = works "siblings" siblings ''
    bin=$(dirname "$(readlink -f $env/bin/python)")
    for path in "" PATH=/nowhere PATH=/nowhere:$bin; do
      test "$(runIsolated $path $env/bin/starts-python)" = "$(dirname $bin)"
      runIsolated $path $env/bin/starts-sibling | grep -x 'Flask 2.1.2'
      test "$(runIsolated $path $env/bin/starts-itself)" = again
    done
    test "$(runIsolated PATH=/nowhere $env/bin/of-the-shell)" = "by a shell"
    test "$(runIsolated $env/bin/reads-beside)" = beside
    test "$(runIsolated PATH=/a:$bin:/b $env/bin/python -c 'import os; print(os.environ["PATH"])')" = "$bin:/a:/b"
  '';

  an-environment-is-joined-with-other-packages =
    works "joined"
      (pkgs.symlinkJoin {
        name = "joined";
        paths = [
          nothing
          pkgs.jq
          pkgs.bash
        ];
      })
      ''
        runIsolated $env/bin/python -c 'import flask'
        runIsolated $env/bin/jq --version
        runIsolated $env/bin/sh -c 'echo shell' | grep -x shell
      '';

  a-virtual-environment-of-an-environment-comes-first = works "venv" nothing ''
    $env/bin/python -m venv --without-pip venv
    PATH=$PWD/venv/bin:$PATH venv/bin/python -c '
    import os, sys
    assert sys.prefix.endswith("/venv"), sys.prefix
    assert os.environ["PATH"].startswith(sys.prefix), os.environ["PATH"]
    '
  '';

  # Of click and flask, pip installs flask later.
  the-package-that-depends-on-the-other-has-the-file = works "shared" shared ''
    test "$(runIsolated $env/bin/tool)" = "of flask"
    test "$(runIsolated $env/bin/shell-tool)" = "of flask"
    test "$(cat $env/LICENSE)" = BSD
    runIsolated $env/bin/python -c '
    import docs.conf, examples, shared.click, shared.flask
    from shared.same import same
    assert (docs.conf.who, examples.who, same) == ("flask", "flask", True)
    '
  '';

  # Neither depends on the other; then pip installs them from Z to A.
  collisions-are-accepted-by-path = pkgs.runCommand "mach-nix-test-ignored" { } ''
    for env in ${toString ignored}; do
      $env/bin/python -c '
    import deep.whose, whose
    assert (deep.whose.who, whose.who) == ("click", "click")
    '
    done
    touch $out
  '';
}
