# Environments that are built and used.  Each is a derivation that fails when its environment does
# not work; all run without anything from outside of it.
{ pkgs }:

let
  inherit (pkgs) lib;
  # The interpreter of the lock files.
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };

  locked = name: {
    requirements = ./locks + "/${name}/requirements.txt";
    lock = ./locks + "/${name}/mach-nix.lock";
  };
  mixed = import ./mixedLock.nix { inherit lib pkgs; };

  # `build` and `pyproject-hooks` of nixpkgs, over another `packaging`.
  buildTool = mixed {
    nixpkgs = {
      build = [
        "packaging"
        "pyproject-hooks"
      ];
      pyproject-hooks = [ ];
    };
    wheels.build-tools = [ "packaging" ];
  };

  # A nixpkgs tree over the host's tools would download the sources of these.
  withLibraries =
    if pkgs ? hostTools then
      pkgs.extend (_: _: { inherit (import ../../hostpkgs { }) file pam; })
    else
      pkgs;

  # Environments that are not those of the lock file of their name.
  environments = {
    nixpkgs = machNix.mkPython buildTool;
    by-name =
      (import ../.. {
        pkgs = withLibraries;
        python = "python311";
      }).mkPython
        (locked "by-name");

    overridden = machNix.mkPython (
      locked "flask"
      // {
        tests = true;
        postBuild = "touch $out/built";
        _.click = {
          installCheckPhase = "touch $out/checked";
          postInstall = "touch $out/lib/python3.11/site-packages/click/added.py";
        };
        _.flask.propagatedBuildInputs.add = [ pkgs.python311.pkgs.installer ];
        overridesPost = [
          (_: super: {
            werkzeug = super.werkzeug.overridePythonAttrs { postFixup = "touch $out/changed"; };
          })
        ];
      }
    );

    # A package that is not locked, in an environment of the set that has the locked ones.
    overlay =
      (machNix.mkNixpkgs (mixed {
        nixpkgs = { };
        wheels.build-tools = [ "packaging" ];
      })).python311.withPackages
        (ps: [ ps.build ]);

    # A wheel with a library that loads another one by name through its search path, and is linked to a
    # third one.
    runpaths = machNix.mkPython (
      locked "flask"
      // {
        _.markupsafe.postInstall = ''
          site=$out/lib/python3.11/site-packages
          mkdir $site/parts
          cc -shared -fPIC -o $site/parts/libpart.so -x c - <<<'int part(void) { return 7; }'
          cc -shared -fPIC -o $site/libwhole.so -Wl,-rpath,'$ORIGIN/parts' -Wl,--no-as-needed -lstdc++ -x c - <<'C'
          #include <dlfcn.h>
          int whole(void) {
            void *library = dlopen("libpart.so", RTLD_NOW);
            return library ? ((int (*)(void))dlsym(library, "part"))() : 0;
          }
          C
        '';
      }
    );
  }
  // lib.optionalAttrs (pkgs.python311.pkgs ? requests) {
    mixed-requests = machNix.mkPython (
      locked "mixed-requests"
      // {
        providers = {
          _default = "wheel,sdist";
          markupsafe = "sdist";
          requests = "nixpkgs";
        };
      }
    );
    requests = machNix.mkPython (mixed {
      nixpkgs = {
        requests = [
          "certifi"
          "charset-normalizer"
          "idna"
          "urllib3"
        ];
        certifi = [ ];
        charset-normalizer = [ ];
      };
      wheels.urllib3 = [
        "idna"
        "urllib3"
      ];
    });
  };
  # A program of nixpkgs that is written in Python and stands outside of the Python packages: where nixpkgs has it so,
  # autoPatchelfHook is a script over `python3.withPackages (ps: [ ps.pyelftools ])`.
  withOther = machNix.mkNixpkgs (locked "pyelftools");
  patched = withOther.stdenv.mkDerivation {
    name = "patched";
    dontUnpack = true;
    nativeBuildInputs = [ withOther.autoPatchelfHook ];
    installPhase = ''
      mkdir -p $out/bin
      echo 'int main(void) { return 2; }' | $CC -x c -o $out/bin/two -
    '';
  };

  environment =
    name:
    environments.${name}
      or (if builtins.pathExists (./locks + "/${name}") then machNix.mkPython (locked name) else "");

  # Fails if a distribution is there twice, and prints the rest.
  distributions = pkgs.writeText "distributions.py" ''
    from importlib.metadata import distributions
    found = [(d.metadata["Name"].lower().replace("_", "-"), d.version) for d in distributions()]
    assert len(dict(found)) == len(found), sorted(found)
    for name, version in sorted(found):
        print(name, version)
  '';

  inherit (import ./check.nix { inherit pkgs; }) works;
  check = name: works name (environment name);

  checks = {
    flask = ''
      runIsolated $env/bin/flask --version | grep -x 'Flask 2.1.2'
      runIsolated $env/bin/python -c 'import flask, markupsafe._speedups'
    '';

    science = ''
      runIsolated $env/bin/python -c '
      import numpy, pandas, PIL._imaging
      assert (numpy.ones((2, 2)) @ numpy.ones((2, 2)))[0, 0] == 2
      assert pandas.DataFrame({"a": [1, 2]}).a.sum() == 3
      '
    '';

    # Libraries of other wheels (urdfdom), and one that nobody brings, for an optional plugin (numba).
    linked = ''
      runIsolated $env/bin/python -c '
      import ctypes, numba, sys
      ctypes.CDLL(sys.prefix + "/lib/python3.11/site-packages/cmeel.prefix/lib/liburdfdom_model.so")
      assert numba.njit(lambda x: x + 1)(2) == 3
      '
    '';

    # Libraries that are opened by name, here without a table of the loader (ldconfig) and without a compiler.
    by-name = ''
      runIsolated $env/bin/python -c '
      import ctypes.util
      ctypes.util.find_library = lambda name: None
      import magic, pamela
      assert magic.from_buffer(b"%PDF-1.4").startswith("PDF document"), magic.from_buffer(b"%PDF-1.4")
      assert pamela.PAM_START.argtypes
      '
      grep -rqF '${lib.getLib withLibraries.pam}/lib/libpam.so' ${environments.by-name.python.pkgs.pamela}
      grep -rqF '${lib.getLib withLibraries.file}/lib/libmagic.so' ${environments.by-name.python.pkgs.python-magic}
    '';

    # What nixpkgs itself builds wheels with, replaced by other versions.
    build-tools = ''
      runIsolated $env/bin/python -c '
      from importlib.metadata import distributions
      found = sorted((d.metadata["Name"].replace("_", "-"), d.version) for d in distributions())
      assert found == [
          ("build", "1.2.1"), ("flit-core", "3.9.0"), ("installer", "0.7.0"), ("packaging", "24.1"),
          ("pip", "24.0"), ("pluggy", "1.5.0"), ("pyproject-hooks", "1.1.0"), ("setuptools", "70.0.0"),
          ("tomli", "2.0.1"), ("typing-extensions", "4.12.2"), ("wheel", "0.43.0"),
      ], found
      import setuptools, pip, wheel, packaging, build, installer, flit_core, pluggy
      '
      runIsolated $env/bin/pip --version | grep '^pip 24.0 '
    '';

    nixpkgs = ''
      runIsolated $env/bin/python ${distributions} | grep -x 'packaging 24.1'
      runIsolated $env/bin/pyproject-build --version | grep '^build ${pkgs.python311.pkgs.build.version} '
    '';

    # A package of nixpkgs, wheels and a source in one environment, by a lock that the command made.
    mixed = ''
      runIsolated $env/bin/python ${distributions} >found
      grep -x 'build 1.2.1' found
      grep -x 'markupsafe 2.1.1' found
      grep -x 'packaging 24.1' found
      runIsolated $env/bin/python -c 'import build, markupsafe._speedups'
      runIsolated $env/bin/flask --version | grep -x 'Flask 2.1.2'
    '';

    overridden = ''
      test -e $env/built
      test -e ${environments.overridden.python.pkgs.click}/checked
      test -e ${environments.overridden.python.pkgs.werkzeug}/changed
      runIsolated $env/bin/python -c 'import click.added, flask, installer'
    '';

    # A library that is linked to the C library alone stays as it is in the wheel.
    runpaths = ''
      site=$env/lib/python3.11/site-packages
      runIsolated $env/bin/python -c "import ctypes; assert ctypes.CDLL('$site/libwhole.so').whole() == 7"
      ${pkgs.python3.interpreter} -m zipfile -e ${environments.runpaths.python.pkgs.markupsafe.src} wheel
      cmp wheel/markupsafe/_speedups*.so $site/markupsafe/_speedups*.so
    '';

    fetched = ''
      tar -tzf ${
        machNix.fetchPypiSdist {
          pname = "requests";
          version = "2.24.0";
          hash = "sha256-s1WaEx23LDPulpSAhA//S7bdER3n3SfI7h+CD08AIxs=";
        }
      } requests-2.24.0/setup.py
      ${pkgs.python3.interpreter} -m zipfile -t ${
        machNix.fetchPypiWheel {
          file = "requests-2.24.0-py2.py3-none-any.whl";
          hash = "sha256-/nXMlKlEO5JG/HBJIk91YEsRPDasuT+HuA7ULETLuJg=";
        }
      }
    '';

    overlay = ''
      runIsolated $env/bin/python ${distributions} | grep -x 'packaging 24.1'
      runIsolated $env/bin/pyproject-build --version
    '';
  }
  // lib.optionalAttrs (environments ? requests) {
    # Of each package the one that is locked, whoever asks for it: requests is nixpkgs' own.
    mixed-requests = ''
      runIsolated $env/bin/python ${distributions} >found
      grep -x 'requests ${pkgs.python311.pkgs.requests.version}' found
      grep -x 'idna 3.7' found
      grep -x 'urllib3 2.2.2' found
      grep -x 'markupsafe 2.1.1' found
      runIsolated $env/bin/python -W error -c 'import markupsafe._speedups, requests; requests.Session()'
      runIsolated $env/bin/flask --version | grep -x 'Flask 2.1.2'
    '';

    requests = ''
      runIsolated $env/bin/python ${distributions} >found
      grep -x 'idna 3.7' found
      grep -x 'urllib3 2.2.2' found
      grep -x 'requests ${pkgs.python311.pkgs.requests.version}' found
      runIsolated $env/bin/python -W error -c 'import requests; requests.Session()'
    '';
  };
in
lib.mapAttrs check checks
// lib.optionalAttrs (pkgs.python311.pkgs ? pyelftools) {
  application = works "application" withOther.autoPatchelfHook ''
    python=$(grep -o '/nix/store/[^ ]*/bin/python' $env/nix-support/setup-hook | head -n 1)
    runIsolated $python -c 'import elftools; assert elftools.__version__ == "0.31"'
    status=0
    runIsolated ${patched}/bin/two || status=$?
    test $status = 2
  '';
}
