"""Runs one program of this folder as the builder of a derivation.

Usage: run.py PROGRAM ARGUMENTS…

$programs are its file and those of the modules that it imports, in the store, where names begin with a digest.
"""

import os
import runpy
import shutil
import sys

folder = os.path.join(os.environ["NIX_BUILD_TOP"], "programs")
os.mkdir(folder)
for file in os.environ["programs"].split():
    shutil.copyfile(file, os.path.join(folder, os.path.basename(file)[33:]))

# The folder of this script is the store.
sys.path[0] = folder
del sys.argv[0]
runpy.run_path(os.path.join(folder, sys.argv[0]), run_name="__main__")
