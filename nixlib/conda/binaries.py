"""Gives the programs of an environment of conda packages the loader of the system, and its libraries what they are linked to.

Libraries of conda find each other by search paths that begin at themselves (`$ORIGIN/../lib`), so most files stay as they are. patchelf
changes a file only for one of these reasons:

- It is a program: its loader is that of the package set.
- It is a module of Python, which is loaded by way of links of other folders: its search path becomes absolute.
- It is linked to a library that is not on its search path: the folder of that library is appended, which is one of the environment or,
  where no file of the environment has that name, one of the package set.
- It uses the driver of NVIDIA, which the system has and no package.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Iterator

import elf

# Where NixOS has libraries that fit its kernel modules, and how these libraries are called.
DRIVER_FOLDER = "/run/opengl-driver/lib"
DRIVER_LIBRARIES = ("libcuda.so", "libnvidia-ml.so", "libnvcuvid.so", "libnvidia-encode.so", "libnvoptix.so")

MACH_O = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def make_real(path: str) -> None:
    """Replaces a link to a file by a copy."""
    if os.path.islink(path):
        target = os.path.realpath(path)
        os.remove(path)
        shutil.copyfile(target, path)
        os.chmod(path, os.stat(target).st_mode & 0o755 | 0o600)


class LinuxBinaries:
    """The ELF files of an environment."""

    def __init__(self, out: str, site: str, files: list[str], say: Callable[[str], None]) -> None:
        self.out, self.site, self.say = out, site, say
        self.files = files
        self.library = os.path.join(out, "lib")
        self.folders: dict[str, list[str]] = {}
        for name in files:
            folder, base = os.path.split(name)
            if ".so" in base:
                self.folders.setdefault(base, []).append(os.path.join(out, folder))
        self.program = os.path.join(os.environ["patchelf"], "bin/patchelf")
        support = os.path.join(os.environ["bintools"], "nix-support")
        self.loader = first_line(os.path.join(support, "dynamic-linker"))
        self.libc = os.path.join(first_line(os.path.join(support, "orig-libc")), "lib")
        own = elf.read_elf(self.loader)
        if own is None:
            raise SystemExit(f"error: the loader `{self.loader}` is not an ELF file")
        self.own = own
        self.system = elf.Libraries()
        self.system.add_folders([os.path.join(package, "lib") for package in os.environ["libraries"].split()])

    def patch_all(self) -> list[str]:
        """Changes what has to be; gives the names of the files."""
        changes = {name: words for name in self.files for words in [self.change(name)] if words}
        with ThreadPoolExecutor(int(os.environ.get("NIX_BUILD_CORES") or 0) or os.cpu_count()) as threads:
            list(threads.map(self.apply, changes, changes.values()))
        return sorted(changes)

    def apply(self, name: str, words: list[str]) -> None:
        path = os.path.join(self.out, name)
        make_real(path)
        subprocess.run([self.program, *words, path], check=True)

    def change(self, name: str) -> list[str]:
        """The arguments of patchelf for one file, none where it stays as it is."""
        path = os.path.join(self.out, name)
        headers = elf.read_elf(path)
        if headers is None or not headers.segments or (headers.kind == elf.EXECUTABLE and not headers.has_interpreter):
            return []
        if headers.machine != self.own.machine or not elf.fits(self.own.osabi, headers.osabi):
            return []
        words = ["--set-interpreter", self.loader] if headers.has_interpreter else []
        former = [entry for entry in (headers.search or "").split(":") if entry]
        found = self.search_path(name, headers, former)
        return words + (["--set-rpath", ":".join(found)] if found != former else [])

    def search_path(self, name: str, headers: elf.Elf, former: list[str]) -> list[str]:
        """The search path of a file, from the one that it has."""
        folder = os.path.join(self.out, os.path.dirname(name))
        entries = [absolute(entry, folder) for entry in former] if name.startswith(self.site + "/") else list(former)
        entries = list(dict.fromkeys(entries))
        for needed in headers.needed:
            added = self.missing(needed, headers, [absolute(entry, folder) for entry in entries])
            if added and added not in entries:
                entries.append(added)
            elif added is None and not is_of_driver(needed):
                self.say(f"{name} is linked to {needed}, which is not there")
        if DRIVER_FOLDER not in entries and self.uses_driver(name, headers):
            entries.append(DRIVER_FOLDER)
        return entries

    def missing(self, needed: str, headers: elf.Elf, folders: list[str]) -> str | None:
        """The folder that the search path lacks for a library: "" if it lacks nothing, None if nobody has the library."""
        if "/" in needed or os.path.isfile(os.path.join(self.libc, needed)):
            return ""
        if any(os.path.exists(os.path.join(folder, needed)) for folder in folders):
            return ""
        if os.path.exists(os.path.join(self.library, needed)):
            return self.library
        return next(iter(self.folders.get(needed, [])), None) or self.system.find(needed, headers.machine, headers.osabi)

    def uses_driver(self, name: str, headers: elf.Elf) -> bool:
        """Whether a file is linked to a library of the driver, or has the name of one, to load it while it runs."""
        if any(is_of_driver(needed) for needed in headers.needed):
            return True
        with open(os.path.join(self.out, name), "rb") as file:
            data = file.read()
        return any(b"\0" + library.encode() + b"." in data for library in DRIVER_LIBRARIES)


def is_of_driver(library: str) -> bool:
    return library.startswith(DRIVER_LIBRARIES)


def absolute(entry: str, folder: str) -> str:
    """An entry of a search path without what stands for the folder of the file."""
    for origin in ("$ORIGIN", "${ORIGIN}"):
        if entry.startswith(origin):
            return posixpath.normpath(folder + "/" + entry[len(origin) :])
    return entry


def first_line(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.readline().strip()


class MacBinaries:
    """The Mach-O files of an environment. What has been changed needs a signature, or the system ends it when it starts."""

    def __init__(self, out: str, site: str, files: list[str], changed: set[str]) -> None:
        self.out, self.site, self.files, self.changed = out, site, files, changed

    def patch_all(self) -> list[str]:
        """Changes what has to be; gives the names of the files."""
        return sorted(self.patched())

    def patched(self) -> Iterator[str]:
        for name in self.files:
            path = os.path.join(self.out, name)
            with open(path, "rb") as file:
                data = file.read() if file.read(4) in MACH_O else b""
            is_module = name.startswith(self.site + "/") and b"@loader_path" in data
            if is_module:
                make_real(path)
                tool = os.path.join(os.environ["cctools"], "bin/install_name_tool")
                subprocess.run([tool, "-add_rpath", os.path.join(self.out, "lib"), path], check=True)
            if data and (is_module or name in self.changed):
                subprocess.run([os.path.join(os.environ["sigtool"], "bin/codesign"), "-f", "-s", "-", path], check=True)
                yield name
