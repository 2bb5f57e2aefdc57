"""Imports every pinned package and compares what is installed with what is pinned: exactly these."""

import importlib
import re
import sys
from importlib.metadata import distributions


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


with open(sys.argv[1], encoding="utf-8") as file:
    pinned = dict(line.strip().split("==") for line in file)
pinned = {normal(name): version for name, version in pinned.items()}
installed = {normal(found.metadata["Name"]): found.version for found in distributions()}
assert installed == pinned, f"pinned {pinned}\ninstalled {installed}"
for name in pinned:
    importlib.import_module(name.replace("-", "_"))
