# Environments that are built and used.  Each is a derivation that fails when its environment does
# not work; all run without anything from outside of it.
{ pkgs }:

let
  check = import ./check.nix { inherit pkgs; };

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
  };
in
builtins.mapAttrs check.environment checks
