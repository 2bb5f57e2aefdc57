"""Builds only where the locked setuptools is there and nothing else."""

import importlib.util
import os
import pathlib
import subprocess
import sys

import setuptools

expected = pathlib.Path("SETUPTOOLS").read_text().strip()
assert setuptools.__version__ == expected, setuptools.__version__
# A dependency, and what nixpkgs' hooks are made of.
for name in ("click", "installer", "build", "pyproject_hooks"):
    assert importlib.util.find_spec(name) is None, name
# A process of the build sees the same.
code = "import setuptools, sys; sys.exit(setuptools.__version__ != sys.argv[1])"
subprocess.run([sys.executable, "-c", code, expected], check=True)
assert "PYTHONPATH" not in os.environ

# What a build writes down of its environment does not bring it along.
pathlib.Path("isolated_made.py").write_text(f"BY = {sys.executable!r}\n")

setuptools.setup(py_modules=["isolated", "isolated_made"])
