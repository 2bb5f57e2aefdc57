# Environments with conda packages that are built and used, over the channel that ./channel.py has made in `folder`.
{ pkgs, folder }:

let
  inherit (pkgs) lib;
  machNix = import ../../.. {
    inherit pkgs;
    python = "python311";
  };
  inherit (import ../check.nix { inherit pkgs; }) works;

  lock = folder + "/mach-nix.lock";
  data = lib.importJSON lock;
  flask = lib.importJSON ../locks/flask/mach-nix.lock;
  # Its packages are relative to it.
  changed =
    changes:
    data
    // {
      file = lock;
    }
    // changes;

  environments = {
    conda = machNix.mkPython { inherit lock; };

    # Wheels with conda packages, of which one is under a wheel.
    mixed = machNix.mkPython {
      lock = changed {
        packages =
          data.packages
          ++ map (
            package:
            if package.name == "flask" then
              package // { dependencies = package.dependencies ++ [ "pyfoo" ]; }
            else
              package
          ) (map (package: builtins.removeAttrs package [ "targets" ]) flask.packages);
      };
    };

    overridden = machNix.mkPython {
      inherit lock;
      tests = true;
      _.pyfoo = {
        postInstall = "echo 'value = 5' > $out/lib/python3.11/site-packages/pyfoo/added.py";
        installCheckPhase = "touch $out/checked";
      };
      _.greet-ing.postPatch = "substituteInPlace lib/python3.11/site-packages/greet/__init__.py --replace hello goodbye";
    };

    # One package of the set that has the locked ones.
    one = (machNix.mkNixpkgs { inherit lock; }).python311.withPackages (ps: [ ps.greet-ing ]);
  };

  checks = {
    conda = ''
      # All conda packages are in the environment, and none of them is a distribution of Python for that.
      runIsolated $env/bin/python -c '
      import importlib.metadata, os, pyfoo, sys
      assert pyfoo.call() == (7, os.environ["FOO_DATA"]), pyfoo.call()
      assert os.path.exists(os.environ["FOO_DATA"] + "/data.txt")
      assert (os.environ["FOO_LEVEL"], os.environ["FOO_KIND"]) == ("a $b", "from json")
      assert sorted((one.name, one.version) for one in importlib.metadata.distributions()) == [("Greet.Ing", "0.5"), ("pyfoo", "3.0")]
      assert open(sys.prefix + "/share/pyfoo/where.txt").read() == os.path.dirname(os.environ["FOO_DATA"]) + "/pyfoo\n"
      # Bytecode that fits, in the place of that of conda.
      assert os.path.getsize(pyfoo.__cached__) > 100
      '
      test "$(FOO_DATA=mine runIsolated FOO_DATA=mine $env/bin/python -c 'import os; print(os.environ["FOO_DATA"])')" = mine

      # Entry points, and the programs of packages that were required by name; not those of others.
      runIsolated $env/bin/greet you | grep -x 'hello 7 you'
      runIsolated $env/bin/greet-old | grep -x 'hello 7'
      runIsolated $env/bin/foo-tool | grep -xE '42 (/nix/store/[^/]*-conda-prefix)/share/foo \1/etc:\1/share'
      runIsolated $env/bin/foo-script | grep -xE '/nix/store/[^/]*-conda-prefix 7'
      runIsolated $env/bin/bare-program | grep -xE 'bare /nix/store/[^/]*-conda-prefix/share/foo'
      runIsolated $env/bin/shared | grep -x foo-tool
      # What conda runs when it installs a package is never run, and named.
      prefix=${environments.conda.python.pkgs.condaPackages.prefix}
      test ! -e $prefix/never
      grep -F .extra-post-link.sh ${environments.conda.python.pkgs.condaPackages.linkScripts}
      # A library is found in the package set where no package has it; for the driver there is the system.
      runIsolated $env/bin/python -c "
      import ctypes
      path = ':'.join(open('$prefix/lib/libextra.so', 'rb').read().decode('latin-1').split('\0'))
      assert '/run/opengl-driver/lib' in path and 'zlib' in path
      "
      # On its own, the environment of conda packages is one that its scripts run in.
      runIsolated PYTHONDONTWRITEBYTECODE=1 $prefix/bin/greet | grep -x 'hello 7'
    '';

    mixed = ''
      runIsolated $env/bin/python -c 'import flask, markupsafe._speedups, pyfoo; assert pyfoo.call()[0] == 7'
      runIsolated $env/bin/flask --version | grep -x 'Flask 2.1.2'
      runIsolated ${environments.mixed.python.pkgs.flask}/bin/flask --version | grep -x 'Flask 2.1.2'
      grep -qF ${environments.mixed.python.pkgs.pyfoo} ${environments.mixed.python.pkgs.flask}/nix-support/propagated-build-inputs
    '';

    overridden = ''
      test -e ${environments.overridden.python.pkgs.pyfoo}/checked
      runIsolated $env/bin/python -c 'import pyfoo.added; assert pyfoo.added.value == 5 and pyfoo.call()[0] == 7'
      runIsolated $env/bin/greet | grep -x 'goodbye 7'
    '';

    # With what the package depends on, by way of packages that are not of Python; and the package alone.
    one = ''
      runIsolated $env/bin/python -c 'import os, pyfoo; assert pyfoo.call() == (7, os.environ["FOO_DATA"])'
      runIsolated $env/bin/greet | grep -x 'hello 7'
      runIsolated ${environments.conda.python.pkgs.greet-ing}/bin/greet | grep -x 'hello 7'
    '';
  };
in
{
  builds = lib.mapAttrs (name: works "conda-${name}" environments.${name}) checks;
  inherit (environments.conda.python.pkgs.condaPackages) prefix;
  image = environments.conda.dockerImage;
  environment = environments.conda;

  # The lock has another version than the file.
  other = machNix.mkPython {
    lock = changed {
      packages = map (
        package: if package.name == "pyfoo" then package // { version = "3.1"; } else package
      ) data.packages;
    };
  };
}
