"""Gives the binaries in $out the loader and the search path that nixpkgs' autoPatchelfHook and ./runpaths.sh give them.

It finds libraries by the rules of that hook, in the same order, and calls patchelf with the same arguments in the same order, so that
the files are equal byte for byte (docs/decisions/0053). What it leaves out is pyelftools, whose build nixpkgs evaluates for every
environment, and the options of the hook: a package that sets one is built by the hook.

The environment has $patchelf and $bintools (store paths), $libraries and $propagatedBuildInputs (lists of them), and $sitePackages.
"""

from __future__ import annotations

import os
import struct
import subprocess
from fnmatch import fnmatch
from typing import BinaryIO, Iterator, NamedTuple

EXECUTABLE = 2
SECTION_DYNAMIC = 6
NEEDED, RPATH, RUNPATH = 1, 15, 29


class Elf(NamedTuple):
    """What the headers of a file say."""

    machine: int
    osabi: int
    kind: int
    segments: int
    has_interpreter: bool
    needed: list[str]
    # DT_RUNPATH, or DT_RPATH of a file that has no other, as patchelf has it.
    search: str | None


def read_elf(path: str) -> Elf | None:
    """The headers of an ELF file; nothing for other files."""
    with open(path, "rb") as file:
        start = file.read(64)
        if len(start) < 52 or start[:4] != b"\x7fELF" or start[4] not in (1, 2) or start[5] not in (1, 2):
            return None
        try:
            return parse(file, start)
        except (struct.error, IndexError):
            return None


def parse(file: BinaryIO, start: bytes) -> Elf:
    """The headers, behind the check that there are some; fails on a file that ends before them."""
    order = "<" if start[5] == 1 else ">"
    wide = start[4] == 2
    kind, machine = struct.unpack_from(order + "HH", start, 16)
    (section_start,) = struct.unpack_from(order + ("Q" if wide else "I"), start, 40 if wide else 32)
    segments, size, count, names = struct.unpack_from(order + "HHHH", start, 56 if wide else 44)
    # name, type, offset, size, link
    form = struct.Struct(order + ("II8x8xQQI" if wide else "II4x4xIII"))
    sections = []
    if section_start:
        table = read(file, section_start, size * count)
        sections = [form.unpack_from(table, size * index) for index in range(count)]

    def content(index: int) -> bytes:
        return read(file, sections[index][2], sections[index][3])

    has_interpreter = False
    if sections and names:
        labels = content(names)
        has_interpreter = any(text(labels, section[0]) == ".interp" for section in sections)
    dynamic = next((index for index, section in enumerate(sections) if section[1] == SECTION_DYNAMIC), None)
    needed: list[str] = []
    paths: dict[int, str] = {}
    if dynamic is not None:
        strings = content(sections[dynamic][4])
        for tag, value in struct.iter_unpack(order + ("QQ" if wide else "II"), content(dynamic)):
            if tag == 0:
                break
            if tag == NEEDED:
                needed.append(text(strings, value))
            elif tag in (RPATH, RUNPATH):
                paths.setdefault(tag, text(strings, value))
    return Elf(machine, start[7], kind, segments, has_interpreter, needed, paths.get(RUNPATH, paths.get(RPATH)))


def read(file: BinaryIO, offset: int, size: int) -> bytes:
    """A part of a file."""
    file.seek(offset)
    return file.read(size)


def text(table: bytes, offset: int) -> str:
    """A string of a table of strings."""
    return os.fsdecode(table[offset : table.index(b"\0", offset)] if b"\0" in table[offset:] else table[offset:])


def fits(wanted: int, found: int) -> bool:
    """Whether a file for one ABI of systems may use one for the other: 0 is the common base."""
    return wanted == found or 0 in (wanted, found)


def files_in(folder: str) -> Iterator[str]:
    """All files, in an order that doesn't depend on the file system."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            yield os.path.join(parent, name)


def is_library(name: str) -> bool:
    """Whether the name is one of a shared library, as the hook looks for them."""
    return fnmatch(name, "*.so*")


class Libraries:
    """The folders of libraries by name and machine, the first found before others."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.folders: dict[tuple[str, int], list[tuple[str, int]]] = {}

    def add_all(self, files: Iterator[str]) -> list[str]:
        """Adds files; gives the folders that they are linked to themselves."""
        linked: list[str] = []
        for path in files:
            if not is_library(os.path.basename(path)) or not os.path.isfile(path):
                continue
            elf = read_elf(path)
            if elf is None:
                continue
            target = os.path.realpath(path)
            folder = os.path.dirname(target if os.path.basename(target) == os.path.basename(path) else os.path.abspath(path))
            self.folders.setdefault((os.path.basename(path), elf.machine), []).append((folder, elf.osabi))
            linked += [entry for entry in (elf.search or "").split(":") if entry and "$ORIGIN" not in entry]
        return linked

    def add_folders(self, folders: list[str]) -> None:
        """Adds what is in the folders, and in those that their libraries are linked to."""
        queue = list(folders)
        for folder in queue:
            folder = os.path.normpath(folder)
            if folder not in self.seen and os.path.isdir(folder):
                self.seen.add(folder)
                queue += self.add_all(os.path.join(folder, name) for name in sorted(os.listdir(folder)))

    def find(self, name: str, machine: int, osabi: int) -> str | None:
        """The folder of the library that a file is linked to."""
        found = self.folders.get((os.path.basename(name), machine), [])
        return next((folder for folder, other in found if fits(osabi, other)), None)


def words(name: str) -> list[str]:
    """A variable of the environment that is a list."""
    return os.environ[name].split()


def inputs() -> list[str]:
    """The libraries and the dependencies with all that they propagate, in the order of stdenv."""
    found: list[str] = []

    def add(package: str) -> None:
        if package not in found:
            found.append(package)
            propagated = os.path.join(package, "nix-support/propagated-build-inputs")
            if os.path.isfile(propagated):
                with open(propagated, encoding="utf-8") as file:
                    for name in file.read().split():
                        add(name)

    for package in words("libraries") + words("propagatedBuildInputs"):
        add(package)
    return found


def module_folders() -> list[str]:
    """The folders of libraries inside of the modules of the direct dependencies."""
    found: dict[str, None] = {}
    for package in words("propagatedBuildInputs"):
        for path in files_in(os.path.join(package, os.environ["sitePackages"])):
            if path.endswith(".so") or ".so." in os.path.basename(path):
                found[os.path.dirname(path)] = None
    return list(found)


class Patcher:
    """Changes files to run with the libraries at hand."""

    def __init__(self, libraries: Libraries) -> None:
        self.libraries = libraries
        self.program = os.path.join(os.environ["patchelf"], "bin/patchelf")
        support = os.path.join(os.environ["bintools"], "nix-support")
        with open(os.path.join(support, "dynamic-linker"), encoding="utf-8") as file:
            self.loader = file.read().strip()
        with open(os.path.join(support, "orig-libc"), encoding="utf-8") as file:
            self.libc = os.path.join(file.read().strip(), "lib")
        own = read_elf(self.loader)
        if own is None:
            raise SystemExit(f"error: the loader `{self.loader}` is not an ELF file")
        self.own = own

    def run(self, option: str, value: str, path: str) -> None:
        """Calls patchelf."""
        print(f"patchelf {option} {value} {path}", flush=True)
        subprocess.run([self.program, option, value, path], check=True)

    def patch(self, path: str) -> None:
        """Changes one file, if it is one to change."""
        elf = read_elf(path)
        if elf is None or (elf.kind == EXECUTABLE and not elf.has_interpreter) or not elf.segments:
            return
        if elf.machine != self.own.machine or not fits(self.own.osabi, elf.osabi):
            print(f"{path} is for another machine")
            return
        if elf.has_interpreter:
            self.run("--set-interpreter", self.loader, path)
        search = ":".join(dict.fromkeys(self.folders_of(path, elf)))
        if search:
            self.run("--set-rpath", search, path)
        former = elf.search or ""
        if "$ORIGIN" in former and (path.endswith(".so") or ".so." in os.path.basename(path)):
            self.restore(path, former, search or former)

    def folders_of(self, path: str, elf: Elf) -> Iterator[str]:
        """The folders of the libraries that a file is linked to."""
        for name in elf.needed:
            if (os.path.isabs(name) and os.path.isfile(name)) or os.path.isfile(os.path.join(self.libc, name)):
                continue
            folder = self.libraries.find(name, elf.machine, elf.osabi)
            if folder is None:
                print(f"warning: {path} is linked to {name}, which is not there")
            else:
                yield folder

    def restore(self, path: str, former: str, now: str) -> None:
        """Appends the entries of the search path that begin at the file: see ./runpaths.sh."""
        entries = now.split(":")
        for entry in former.split(":"):
            if not entry.startswith("$ORIGIN") or entry in entries:
                continue
            folder = os.path.dirname(path) + entry[len("$ORIGIN") :]
            if os.path.isdir(folder) and os.path.realpath(folder) not in entries:
                entries.append(entry)
        if ":".join(entries) != now:
            self.run("--set-rpath", ":".join(entries), path)


def main() -> None:
    out = os.environ["out"]
    libraries = Libraries()
    linked = libraries.add_all(files_in(out))
    libraries.add_folders(linked)
    libraries.add_folders([os.path.join(package, "lib") for package in inputs()] + module_folders())
    patcher = Patcher(libraries)
    for path in files_in(out):
        if not os.path.islink(path):
            patcher.patch(path)


main()
