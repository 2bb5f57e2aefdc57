# What mach-nix 3.5 had as tests (its tests/test_*.nix) and examples (its examples.md), in expressions and locks of our
# own, built and used.  Here is what needs a build and is not in builds.nix; docs/migration.md has the whole list.
{ pkgs }:

let
  inherit (pkgs) lib;
  inherit (import ./check.nix { inherit pkgs; }) works;
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };
  mixed = import ./mixedLock.nix { inherit lib pkgs; };

  locked =
    name: arguments:
    machNix.mkPython (
      {
        requirements = builtins.readFile (./locks/release-3-5 + "/${name}/requirements.txt");
        lock = ./locks/release-3-5 + "/${name}/mach-nix.lock";
      }
      // arguments
    );

  # A source tree as a text that is its path, as 3.5 took it from an address.
  tree =
    sdist:
    "${pkgs.runCommand "tree" { } ''
      mkdir $out
      tar -xzf ${machNix.fetchPypiSdist sdist} --strip-components=1 -C $out
    ''}";
  requests = tree {
    pname = "requests";
    version = "2.24.0";
    hash = "sha256-s1WaEx23LDPulpSAhA//S7bdER3n3SfI7h+CD08AIxs=";
  };
  django = tree {
    pname = "Django";
    version = "3.1";
    hash = "sha256-LTkCaKE8ZVyX4OLt6dEXAHmW22ksG7k+q+vU+36nASs=";
  };

  environments = {
    dateutil = locked "dateutil" { providers.python-dateutil = "sdist"; };
    pdfminer = locked "pdfminer" { packagesExtra = [ machNix.nixpkgs.jq ]; };
    extra-packages = locked "aiohttp" {
      packagesExtra = [
        requests
        (machNix.buildPythonPackage {
          src = django;
          requirementsExtra = "pytest";
        })
      ];
    };
    librosa = locked "librosa" {
      providers = {
        numba = "wheel";
        soundfile = "sdist";
      };
    };
    cryptography = machNix.mkPython (mixed {
      nixpkgs = {
        cffi = [ "pycparser" ];
        pycparser = [ ];
      };
      wheels."release-3-5/pdfminer" = [ "cryptography" ];
    });
  }
  // lib.genAttrs [
    "bokeh"
    "dask"
    "jupyterlab"
    "pymc"
  ] (name: locked name { });

  scripts = {
    # nixpkgs has it as python-dateutil and dateutil.
    dateutil = ''
      runIsolated $env/bin/python -c '
      from datetime import date
      from dateutil.easter import easter
      assert easter(2026) == date(2026, 4, 5)
      '
    '';

    # A program that is not of Python is found from Python.
    pdfminer = ''
      runIsolated $env/bin/python -c '
      import subprocess
      import pdfminer.high_level, cryptography.x509
      assert subprocess.run(["jq", "-n", "1 + 1"], capture_output=True, check=True).stdout == b"2\n"
      '
    '';

    # Neither name nor version of requests is in plain words in its files.
    extra-packages = ''
      runIsolated $env/bin/python -c '
      import aiohttp, django, pytest, requests
      assert (requests.__version__, django.__version__) == ("2.24.0", "3.1")
      '
      runIsolated $env/bin/django-admin --version | grep -x 3.1
    '';

    dask = ''
      runIsolated $env/bin/python -c '
      import dask, distributed, numpy
      assert dask.__version__ == "2.22.0"
      assert dask.delayed(sum)([1, 2]).compute(scheduler="single-threaded") == 3
      '
    '';

    bokeh = ''
      runIsolated $env/bin/python -c '
      from bokeh.embed import file_html
      from bokeh.plotting import figure
      from bokeh.resources import CDN
      plot = figure()
      plot.line([1, 2], [3, 4])
      assert "bokeh" in file_html(plot, CDN)
      '
    '';

    pymc = ''
      runIsolated $env/bin/python -c '
      from importlib.metadata import version
      import arviz, scipy.stats
      assert version("pymc").startswith("5.") and version("pytensor")
      '
    '';

    # The definition of soundfile in nixpkgs brings libsndfile and a numpy; this tree may not have it.
    librosa = ''
      runIsolated $env/bin/python -c '
      from importlib.metadata import distributions, version
      import numba, scipy, sklearn
      names = [distribution.metadata["Name"].lower() for distribution in distributions()]
      assert len(names) == len(set(names)), sorted(names)
      assert (version("librosa"), version("soundfile")) == ("0.9.0", "0.12.1")
      '
    '';

    jupyterlab = ''
      HOME=$PWD PATH=$env/bin:$PATH jupyter lab --version
      runIsolated $env/bin/python -c '
      import geopandas, pygeos, pyproj
      from shapely.geometry import Point
      frame = geopandas.GeoSeries([Point(0, 0)], crs=4326).to_crs(3857)
      assert abs(frame.x[0]) < 1e-6
      '
    '';

    cryptography = ''
      runIsolated $env/bin/python -c '
      import cffi
      from cryptography.fernet import Fernet
      key = Fernet(Fernet.generate_key())
      assert key.decrypt(key.encrypt(b"text")) == b"text"
      assert cffi.__version__ == "${pkgs.python311.pkgs.cffi.version or ""}"
      '
    '';
  };
in
lib.mapAttrs (name: works name environments.${name}) (
  if pkgs.python311.pkgs ? cffi then scripts else builtins.removeAttrs scripts [ "cryptography" ]
)
