"""A conda package that unpack.py has unpacked, and where its files go in an environment."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shlex
from typing import Any, NamedTuple

import relocate

# https://github.com/conda/ceps/blob/main/cep-0020.md: folders of packages for every version of Python.
NOARCH_FOLDERS = {"site-packages": "{site}", "python-scripts": "bin"}

# Folders of the package and of the environment that are not for files of packages.
RESERVED = ("info/", "conda-meta/", "nix-support/")

LINK_SCRIPT = re.compile(r"(bin|Scripts)/\.(?P<name>.+)-(?P<kind>pre-link|post-link|pre-unlink)\.(sh|bat)$")


class Refused(Exception):
    """What is wrong with a package."""


class Entry(NamedTuple):
    """One file of a package."""

    # Where it is in the environment.
    target: str
    # Where it is in the package.
    source: str
    # `hardlink`, `softlink` or `directory`, as `paths.json` has it.
    kind: str
    # How its placeholder is replaced, if it has one: `text` or `binary`.
    mode: str | None
    placeholder: str


class CondaPackage:
    """One package; it is also what ../environment/collisions.py knows of packages."""

    is_handed = False

    def __init__(self, locked: dict[str, Any], site: str) -> None:
        self.folder: str = locked["path"]
        self.locked = locked
        self.name: str = locked["condaName"]
        self.label = f"{self.name} {locked['version']}"
        self.site = site
        self.index = self.json("index.json") or {}
        link = self.json("link.json") or {}
        noarch = link.get("noarch")
        self.is_noarch_python = self.index.get("noarch") == "python" or (isinstance(noarch, dict) and noarch.get("type") == "python")
        self.entry_points = [str(line) for line in noarch.get("entry_points") or []] if isinstance(noarch, dict) else []
        self.entries = {entry.target: entry for entry in self.read_entries() if not entry.target.startswith(RESERVED)}

    def info(self, name: str) -> str:
        return os.path.join(self.folder, "info", name)

    def json(self, name: str) -> Any:
        """A file of metadata, or None where there is none."""
        try:
            with open(self.info(name), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Refused(f"its `info/{name}` is not JSON: {error}") from error

    def text(self, name: str) -> list[str]:
        """The lines of a file of metadata."""
        try:
            with open(self.info(name), encoding="utf-8") as file:
                return [line.strip() for line in file if line.strip()]
        except FileNotFoundError:
            return []

    def target(self, source: str) -> str:
        """Where a file goes."""
        if self.is_noarch_python:
            folder, _, rest = source.partition("/")
            if rest and folder in NOARCH_FOLDERS:
                return posixpath.join(NOARCH_FOLDERS[folder].format(site=self.site), rest)
        return source

    def path(self, target: str) -> str:
        """The file in the package that goes there, or the folder."""
        entry = self.entries.get(target)
        return os.path.join(self.folder, entry.source if entry else target)

    def lines(self, target: str) -> list[str]:
        """The lines of a file by its place in the environment."""
        try:
            with open(self.path(target), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except OSError:
            return []

    def read_entries(self) -> list[Entry]:
        """All files that the package says it has."""
        paths = self.json("paths.json")
        if paths is None:
            entries = [self.entry({"_path": path, **described}) for path, described in self.described().items()]
        elif isinstance(paths, dict) and isinstance(paths.get("paths"), list) and all(isinstance(one, dict) for one in paths["paths"]):
            entries = [self.entry(one) for one in paths["paths"]]
        else:
            raise Refused("its `info/paths.json` has no list of `paths`")
        return entries

    def described(self) -> dict[str, dict[str, Any]]:
        """What packages before `paths.json` have in several files."""
        found: dict[str, dict[str, Any]] = {path: {} for path in self.text("files")}
        for line in self.text("has_prefix"):
            words = [word.strip("\"'") for word in shlex.split(line, posix=False)]
            placeholder, mode, path = words if len(words) == 3 else (relocate.OLD_PLACEHOLDER, "text", words[-1])
            found.setdefault(path, {}).update(prefix_placeholder=placeholder, file_mode=mode)
        for path, described in found.items():
            described["path_type"] = "softlink" if os.path.islink(os.path.join(self.folder, path)) else "hardlink"
        return found

    def entry(self, described: dict[str, Any]) -> Entry:
        """One file, behind the check that it is there and is what the metadata says."""
        source = posixpath.normpath(str(described.get("_path") or described.get("path") or ""))
        if source.startswith(("/", "../")) or source in ("..", "."):
            raise Refused(f"its metadata has the file `{source}`, which would be written outside of the environment")
        kind = described.get("path_type") or "hardlink"
        placeholder, mode = described.get("prefix_placeholder"), described.get("file_mode") or "text"
        if kind not in ("hardlink", "softlink", "directory") or (placeholder and mode not in ("text", "binary")):
            raise Refused(f"its metadata has the file `{source}` with the unknown {'mode `%s`' % mode if placeholder else 'type `%s`' % kind}")
        path = os.path.join(self.folder, source)
        if not os.path.lexists(path):
            raise Refused(f"its metadata has the file `{source}`, which the archive lacks")
        if (kind == "softlink") != os.path.islink(path) or (kind == "directory") != (os.path.isdir(path) and kind != "softlink"):
            raise Refused(f"its `{source}` is not the {kind} that its metadata says")
        return Entry(self.target(source), source, kind, mode if placeholder else None, placeholder or "")

    def link_scripts(self) -> list[str]:
        """Scripts that installers of conda run."""
        return sorted(target for target in self.entries if LINK_SCRIPT.match(target))
