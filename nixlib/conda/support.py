"""Writes what environments of Python have of the conda packages that are not Python projects.

Usage: support.py module|programs

$prefix is the environment of all conda packages.

`module` is a package of Python: the variables that conda sets are set when the interpreter starts, by a `.pth` file, and the programs of
the packages $asked, which were required by name, are in `bin`.

`programs` is for the PATH of shells and images: all programs but those of Python projects $projects, which are in the environment of
Python; and for compilers, libraries and headers. Programs get the variables by a wrapper, shells by a hook.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

from records import Prefix, link, propagate, write_script

# Folders of the environment that shells and images see.
FOLDERS = ("etc", "include", "libexec", "share", "ssl")


class Support:
    """One output."""

    def __init__(self) -> None:
        self.out = os.environ["out"]
        self.site = os.environ["sitePackages"]
        self.shell = os.environ["shell"]
        self.prefix = Prefix(os.environ["prefix"])
        self.variables: dict[str, str] = self.prefix.facts()["variables"]
        os.mkdir(self.out)

    def programs_of(self, names: list[str]) -> list[str]:
        """The programs of some packages."""
        records = [record for record in self.prefix.records() if record["name"] in names]
        return sorted({program for record in records for program in self.prefix.programs(record)})

    def write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = os.path.join(self.out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def add_program(self, program: str) -> None:
        """A program that sees the variables."""
        path = self.prefix.path("bin/" + program)
        if not os.access(path, os.X_OK) or not self.variables:
            link(path, os.path.join(self.out, "bin", program))
            return
        lines = [f"export {name}=${{{name}-{shlex.quote(value)}}}" for name, value in sorted(self.variables.items())]
        self.write("bin/" + program, "\n".join([f"#!{self.shell}", *lines, f'exec -a "$0" {path} "$@"', ""]), 0o755)

    def module(self) -> None:
        lines = [f"os.environ.setdefault({name!r}, {value!r})" for name, value in sorted(self.variables.items())]
        self.write(self.site + "/mach-nix-conda.pth", "import os; " + "; ".join(lines) + "\n" if lines else "")
        for program in self.programs_of(os.environ["asked"].split()):
            script = self.prefix.script(program)
            if script is None:
                self.add_program(program)
            else:
                arguments, text = script
                write_script(os.path.join(self.out, "bin", program), sys.executable, arguments, text)
        propagate(self.out, os.environ["propagatedBuildInputs"])

    def programs(self) -> None:
        projects = os.environ["projects"].split()
        others = [record["name"] for record in self.prefix.records() if record["name"] not in projects]
        for program in self.programs_of(others):
            self.add_program(program)
        for folder in FOLDERS:
            if os.path.isdir(self.prefix.path(folder)):
                link(self.prefix.path(folder), os.path.join(self.out, folder))
        library = self.prefix.path("lib")
        for name in sorted(os.listdir(library)) if os.path.isdir(library) else []:
            # The modules are those of the environment of Python.
            if not name.startswith("python"):
                link(os.path.join(library, name), os.path.join(self.out, "lib", name))
        exports = [f"export {name}={shlex.quote(value)}" for name, value in sorted(self.variables.items())]
        self.write("nix-support/setup-hook", "\n".join([f"export CONDA_PREFIX={self.prefix.folder}", *exports, ""]))


def main() -> None:
    what: dict[str, Any] = {"module": Support.module, "programs": Support.programs}
    what[sys.argv[1]](Support())


if __name__ == "__main__":
    main()
