"""Links the files of one conda package that is a Python project into $out, as a package of Python of its own.

Usage: project.py

$prefix is the environment of all conda packages, $record the name of the record of this one there. Modules, and the folders `share` and
`etc`, are links; programs of Python are copies for the interpreter; other programs are links. Libraries stay where they are: modules
have the absolute path to them. Programs find the modules of $propagatedBuildInputs, unless there is $isBare. Bytecode is compiled as the builds of nixpkgs have it, because that of conda is of another time.
"""

from __future__ import annotations

import compileall
import os
import re
import sys

from records import Prefix, link, propagate, propagated, with_folders, write_script

# The interpreter in what Jupyter starts its kernels by: by this name, Jupyter takes the interpreter that it is run with.
KERNEL = re.compile(r"share/jupyter/kernels/[^/]*/kernel\.json$")


def is_shown(name: str, site: str) -> bool:
    """Whether a file is seen in environments of Python, besides programs."""
    if name.startswith(site + "/"):
        return not name.endswith((".pyc", ".pyo"))
    return name.startswith(("share/", "etc/")) and not name.startswith("etc/conda/")


def add_file(prefix: Prefix, name: str, out: str) -> None:
    path = os.path.join(out, name)
    if KERNEL.match(name):
        with open(prefix.path(name), encoding="utf-8") as file:
            text = file.read()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(re.escape(prefix.folder) + r"/bin/python[\d.]*(?=\")", "python", text))
    else:
        link(prefix.path(name), path)


def main() -> None:
    out, site = os.environ["out"], os.environ["sitePackages"]
    prefix = Prefix(os.environ["prefix"])
    record = prefix.record(os.environ["record"])
    os.makedirs(os.path.join(out, site))
    for name in record["files"]:
        # A link to a file of a package that is not there.
        if is_shown(name, site) and os.path.exists(prefix.path(name)):
            add_file(prefix, name, out)

    dependencies = os.environ["propagatedBuildInputs"]
    folders = [os.path.join(package, site) for package in propagated([out, *dependencies.split()])]
    folders = [folder for folder in folders if os.path.isdir(folder)]
    for program in prefix.programs(record):
        path = os.path.join(out, "bin", program)
        script = prefix.script(program)
        if script is None:
            link(prefix.path("bin/" + program), path)
        else:
            arguments, text = script
            write_script(path, sys.executable, arguments, text if "isBare" in os.environ else with_folders(text, path, folders))

    compileall.compile_dir(os.path.join(out, site), quiet=2, maxlevels=100)
    propagate(out, dependencies)


if __name__ == "__main__":
    main()
