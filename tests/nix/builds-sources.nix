# As builds.nix: environments with packages that are built from their sources.
{ pkgs }:

let
  check = import ./check.nix { inherit pkgs; };
  source = import ./source.nix { inherit pkgs; };
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };
  withRust = import ../.. {
    pkgs = import ./withRust.nix { inherit pkgs; };
    python = "python311";
  };
in
{
  # No pyproject.toml, no wheel on the index, a file that is a zip, one that is compiled.
  sources-plain = check.environment "sources-plain" ''
    runIsolated $env/bin/python -c '
    import docopt, wget, markupsafe._speedups
    assert docopt.docopt("usage: x <a>", ["1"]) == {"<a>": "1"}
    '
  '';

  # flit (idna), hatchling with hatch-vcs (iniconfig, platformdirs), setuptools-scm (pluggy), poetry-core
  # (tomlkit), pdm-backend (findpython)
  sources-backends = check.environment "sources-backends" ''
    runIsolated $env/bin/python -c '
    import findpython, idna, iniconfig, platformdirs, pluggy, tomlkit
    from importlib.metadata import version
    assert version("platformdirs") == platformdirs.__version__ == "4.2.2"
    assert version("pluggy") == "1.5.0"
    '
  '';

  # libffi is of a fix.
  sources-cffi = check.environment "sources-cffi" ''
    runIsolated $env/bin/python -c '
    import cffi
    assert int(cffi.FFI().cast("int", 3)) == 3
    '
  '';

  # What nixpkgs itself builds with, each built from its source: builds.nix has their wheels.
  sources-build-tools = check.environment "sources-build-tools" ''
    runIsolated $env/bin/python -c '
    from importlib.metadata import distributions
    found = sorted((d.metadata["Name"].lower().replace("_", "-"), d.version) for d in distributions())
    assert found == [
        ("build", "1.2.1"), ("flit-core", "3.9.0"), ("installer", "0.7.0"), ("packaging", "24.1"),
        ("pip", "24.0"), ("pluggy", "1.5.0"), ("pyproject-hooks", "1.1.0"), ("setuptools", "70.0.0"),
        ("tomli", "2.0.1"), ("typing-extensions", "4.12.2"), ("wheel", "0.43.0"),
    ], found
    import setuptools, pip, wheel, packaging, build, installer, flit_core, pluggy, tomli, typing_extensions
    '
    runIsolated $env/bin/pip --version | grep '^pip 24.0 '
  '';

  # The pins of a real application, with its one compiled package from source.
  contact = check.environment "contact" ''
    runIsolated $env/bin/flask --version | grep -x 'Flask 2.1.2'
    cat > app.py <<'EOF'
    import flask
    app = flask.Flask(__name__)
    @app.get("/")
    def hello():
        return flask.render_template_string("{{ name }}", name="<contact>")
    EOF
    runIsolated $env/bin/python -c '
    import markupsafe._speedups
    import app
    assert app.app.test_client().get("/").data == b"&lt;contact&gt;"
    '
  '';

  isolated =
    check.works "isolated" (source.python.withPackages (_: [ (source.build "isolated" { }) ]))
      ''
            test "$(runIsolated $env/bin/isolated)" = isolated
        made=$(runIsolated $env/bin/python -c 'import isolated_made; print(isolated_made.BY)')
        test ! -e "$made"
        case $made in /nix/store/e*-env/bin/python*) ;; *) exit 1 ;; esac
      '';

  # A backend in the source itself, and nixpkgs' way to give it options.
  own-backend =
    check.works "own-backend"
      (source.python.withPackages (_: [
        ((source.build "own-backend" { }).overridePythonAttrs {
          pypaBuildFlags = [
            "--skip-dependency-check"
            "-Ccolour=blue"
            "-Cnumber=1"
            "-Cnumber=2"
          ];
        })
      ]))
      ''
        test "$(runIsolated $env/bin/python -c 'import own_backend; print(own_backend.SETTINGS)')" \
          = "{'colour': 'blue', 'number': ['1', '2']}"
      '';

  # What nixpkgs knows about another version counts as far as it fits.
  defined = check.works "defined" source.defined ''
    test "$(runIsolated $env/bin/greet you)" = "hallo you"
  '';

  # Built with the locked setuptools; the requirements are compared with pyproject.toml.
  project = check.works "project" (machNix.buildPythonPackage ./projects/greeter) ''
    test "$(runIsolated $env/bin/greet you)" = "hello you"
  '';
  # A program of Rust with one crate, by maturin.
  project-rust = check.works "project-rust" (withRust.buildPythonApplication ./projects/rusty) ''
    test "$(runIsolated $env/bin/rusty)" = 42
  '';
  project-setup-cfg =
    check.works "project-setup-cfg" (machNix.buildPythonApplication ./projects/greeter-cfg)
      ''
        test "$(runIsolated $env/bin/greet-cfg you)" = "hello you"
      '';
  # Its version is computed, so that its backend is asked while Nix evaluates.
  project-computed =
    check.works "project-computed" (machNix.buildPythonApplication ./projects/greeter-attr)
      ''
        test "$(runIsolated $env/bin/greet-attr)" = "hello from 2.3"
        case $env in *-greeter-attr-2.3) ;; *) exit 1 ;; esac
      '';
  project-setup-py =
    check.works "project-setup-py" (machNix.buildPythonApplication ./projects/greeter-py)
      ''
        test "$(runIsolated $env/bin/greet-py you)" = "hello you"
      '';

  # A project with its own lock and one that is built against the environment, and a program.
  extra =
    check.works "extra"
      (machNix.mkPython {
        requirements = ./locks/contact/requirements.txt;
        lock = ./locks/contact/mach-nix.lock;
        packagesExtra = [
          ./projects/greeter-unlocked
          # Built with the tools of the set: older versions of setuptools ask for wheel, which the project does not name.
          (machNix.buildPythonPackage {
            src = ./projects/greeter-attr;
            requirements = "click==8.1.3\n";
            lock = ./locks/old-click/mach-nix.lock;
          })
          (machNix.buildPythonPackage {
            src = ./projects/greeter;
            lock = ./locks/greeter-old-click/mach-nix.lock;
          })
          pkgs.patchelf
        ];
      })
      ''
        test "$(runIsolated $env/bin/greet you)" = "hello you"
        test "$(runIsolated $env/bin/greet-unlocked you)" = "hello you"
        test "$(runIsolated $env/bin/greet-attr)" = "hello from 2.3"
        runIsolated $env/bin/python -c '
        import click, flask, shutil
        assert shutil.which("patchelf")
        from importlib.metadata import version
        assert version("click") == "8.1.3"
        '
      '';
}
