"""What is installed in the environment that link.py has made, and its scripts of Python for another interpreter."""

from __future__ import annotations

import ast
import json
import os
import re
from typing import Any

PYTHON = re.compile(rb"#!\s*(\S*/env\s+)?\S*?(?:python|pypy)[\d.]*((?:\s.*)?)$")


class Prefix:
    """The environment of conda packages."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.meta = os.path.join(folder, "conda-meta")

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def record(self, name: str) -> dict[str, Any]:
        """What is known of one package, by the name of its record."""
        with open(os.path.join(self.meta, name), encoding="utf-8") as file:
            record: dict[str, Any] = json.load(file)
        return record

    def records(self) -> list[dict[str, Any]]:
        """All packages."""
        return [self.record(name) for name in sorted(os.listdir(self.meta))]

    def facts(self) -> dict[str, Any]:
        """What link.py reports."""
        with open(self.path("nix-support/conda.json"), encoding="utf-8") as file:
            facts: dict[str, Any] = json.load(file)
        return facts

    def programs(self, record: dict[str, Any]) -> list[str]:
        """The names of the programs of a package; files that begin with a point are scripts of its installation."""
        names = [name[len("bin/") :] for name in record["files"] if name.startswith("bin/")]
        return [name for name in names if not name.startswith(".") and "/" not in name and os.path.isfile(self.path("bin/" + name))]

    def script(self, program: str) -> tuple[bytes, bytes] | None:
        """A script of Python: the arguments of its interpreter, and the text after its first line; None for other programs."""
        with open(self.path("bin/" + program), "rb") as file:
            if file.read(2) != b"#!":
                return None
            file.seek(0)
            first, _, rest = file.read().partition(b"\n")
        found = PYTHON.match(first.rstrip())
        return (found[2], rest) if found else None


def with_folders(text: bytes, program: str, folders: list[str]) -> bytes:
    """A script that finds the modules in these folders, in the words of nixpkgs' wrapper, which environments take out again."""
    line = "import sys;import site;import functools;sys.argv[0] = '%s';functools.reduce(lambda k, p: site.addsitedir(p, k), [%s], site._init_pathinfo());\n"
    start = first_statement(text)
    if start is None:
        return text
    lines = text.splitlines(keepends=True)
    added = (line % (program, ",".join("'%s'" % folder for folder in folders))).encode()
    return b"".join(lines[:start]) + added + b"".join(lines[start:])


def first_statement(text: bytes) -> int | None:
    """The line of the first statement that may stand behind others, which is not the text about the script nor about its language."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    for statement in body:
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_text and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            return statement.lineno - 1
    return None


def write_script(path: str, interpreter: str, arguments: bytes, text: bytes) -> None:
    """Writes a program."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"#!" + interpreter.encode() + arguments + b"\n" + text)
    os.chmod(path, 0o755)


def link(source: str, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.symlink(source, target)


def propagated(packages: list[str]) -> list[str]:
    """Store paths with all that they propagate, each once."""
    found: dict[str, None] = {}
    queue = list(packages)
    for package in queue:
        if package not in found:
            found[package] = None
            path = os.path.join(package, "nix-support/propagated-build-inputs")
            if os.path.isfile(path):
                with open(path, encoding="utf-8") as file:
                    queue += file.read().split()
    return list(found)


def propagate(out: str, packages: str) -> None:
    """Writes down what comes with a package, as stdenv does."""
    os.makedirs(os.path.join(out, "nix-support"))
    with open(os.path.join(out, "nix-support/propagated-build-inputs"), "w", encoding="utf-8") as file:
        file.write(packages + " ")
