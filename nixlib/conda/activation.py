"""The variables that conda sets when an environment is activated, as far as files say them without being run.

`etc/conda/env_vars.d/*.json` has names and values. A script of `etc/conda/activate.d` is not run: of the lines `export NAME=VALUE`, those
count whose value consists of text and `$CONDA_PREFIX`. Where such a value is a path of the environment, there must be something, since
scripts look for several places (`share/gdal`, `Library/share/gdal`).
"""

from __future__ import annotations

import json
import os
import re
import shlex

EXPORT = re.compile(r"\s*(?:declare\s+-x|typeset\s+-x|export)\s+([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*;?\s*$")
ASSIGNMENT = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*;?\s*$")
EXPORTED = re.compile(r"\s*export\s+([A-Za-z_][A-Za-z0-9_]*)\s*;?\s*$")
PREFIX = re.compile(r"\$\{CONDA_PREFIX\}|\$CONDA_PREFIX(?![A-Za-z0-9_])")

# What scripts keep for the time after, and what belongs to the shell.
OWN = re.compile(r"(_?CONDA_.*|_.*|PATH|HOME|PS1|LD_LIBRARY_PATH|DYLD_.*|PYTHONPATH|PYTHONHOME)$")


def value_of(text: str, prefix: str) -> str | None:
    """The value of an assignment that needs no shell, or None."""
    if text.startswith("'") and text.endswith("'") and len(text) > 1 and "'" not in text[1:-1]:
        return text[1:-1]
    plain = PREFIX.sub("\0", text)
    try:
        words = shlex.split(plain, comments=True)
    except ValueError:
        return None
    if len(words) > 1 or re.search(r"[$`\\|&;<>()*?~]", plain):
        return None
    return "".join(words).replace("\0", prefix)


def is_there(value: str, prefix: str) -> bool:
    """Whether what a value names in the environment is there."""
    start = value.find(prefix)
    return start < 0 or all(os.path.lexists(path) for path in re.findall(re.escape(prefix) + r"[^:;,\s]*", value))


def of_script(text: str, prefix: str) -> dict[str, str]:
    """The variables of a script."""
    assigned: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in text.replace("\\\n", " ").splitlines():
        # Several commands in one line, as in `NAME=VALUE; export NAME`, and `test … && export NAME=VALUE`.
        for command in re.split(r";|&&|\bthen\b|\belse\b", line):
            export, assignment, exported = EXPORT.match(command), ASSIGNMENT.match(command), EXPORTED.match(command)
            if exported and exported[1] in assigned:
                found[exported[1]] = assigned[exported[1]]
            match = export or assignment
            if not match or OWN.match(match[1]):
                continue
            value = value_of(match[2], prefix)
            if value is None or not is_there(value, prefix):
                continue
            (found if export else assigned)[match[1]] = value
    return found


def variables(out: str, prefix: str) -> dict[str, str]:
    """All variables of an environment; later files win, as conda runs them in the order of their names."""
    found: dict[str, str] = {}
    for folder, suffix in (("etc/conda/env_vars.d", ".json"), ("etc/conda/activate.d", ".sh")):
        path = os.path.join(out, folder)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if not name.endswith(suffix):
                continue
            with open(os.path.join(path, name), encoding="utf-8", errors="replace") as file:
                text = file.read()
            found.update(of_script(text, prefix) if suffix == ".sh" else of_json(text))
    return found


def of_json(text: str) -> dict[str, str]:
    """The variables of a file of `env_vars.d`."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    pairs = content.items() if isinstance(content, dict) else []
    return {name: value for name, value in pairs if isinstance(value, str) and re.match(r"[A-Za-z_]\w*$", name)}
