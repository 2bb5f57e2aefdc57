"""Unpacks one conda package into $out: its files as they are in the archive, with the folder `info`.

Usage: unpack.py ARCHIVE

ARCHIVE is a `.conda` (https://conda.io/projects/conda/en/latest/user-guide/concepts/packages.html: a zip with archives that are
compressed by Zstandard) or a `.tar.bz2`. $package is the entry of the lock as JSON, and $zstd the store path of the program that
decompresses `.conda`. Nothing is relocated here; link.py does that for all packages together.

The file is the one of the lock, so its contents are what the channel has. Nothing in it is trusted for that: a name that leads out of
the package, a link that does, a device, a file that is there twice, more data than a package may have, and metadata of another package
end the build.
"""

from __future__ import annotations

import bz2
import json
import lzma
import os
import posixpath
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, Iterator

# Maximum number of files, and of bytes of them. The largest packages (CUDA, PyTorch) have some ten thousand files and 10 GB.
MAX_FILES = 1_000_000
MAX_BYTES = 64 << 30

# Maximum size in proportion to the archive, beyond an amount that harms nobody: text and symbols of a debugger shrink to a hundredth.
MAX_RATIO = 500
HARMLESS_BYTES = 1 << 30

CHUNK = 1 << 20

# The fields of `info/index.json` that say which package this is, and those of the lock.
IDENTITY = {"name": "condaName", "version": "version", "build": "build"}


class Refused(Exception):
    """What is wrong with the package."""


class Limited:
    """A stream that ends the build when it has more data than a package may have."""

    def __init__(self, stream: IO[bytes], archive: str) -> None:
        self.stream = stream
        self.left = limit(archive)

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(CHUNK if size < 0 else size)
        self.left -= len(data)
        if self.left < 0:
            raise Refused("it has more data than a package of its size may have")
        return data


def limit(archive: str) -> int:
    """The number of bytes that an archive may have inside."""
    return min(MAX_BYTES, HARMLESS_BYTES + MAX_RATIO * os.path.getsize(archive))


def quoted(names: list[str]) -> str:
    """Names in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


@contextmanager
def decompressed(path: str) -> Iterator[IO[bytes]]:
    """The contents of a file that Zstandard has compressed."""
    program = os.path.join(os.environ["zstd"], "bin/zstd")
    with subprocess.Popen([program, "-dcq", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            # Nothing is read behind the end of the archive.
            process.kill()


@contextmanager
def parts(archive: str) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The archives inside of a package, each with its name, as streams."""

    def of_conda() -> Iterator[tuple[str, IO[bytes]]]:
        with zipfile.ZipFile(archive) as container:
            # Parts of other kinds are for later versions of the format.
            for kind in ("info-", "pkg-"):
                found = [name for name in container.namelist() if re.match(kind + r".*\.tar\.zst$", posixpath.basename(name))]
                if len(found) != 1:
                    raise Refused(f"it must have one part `{kind}*.tar.zst`, but has {quoted(container.namelist()) or 'nothing'}")
                name = posixpath.basename(found[0])
                with container.open(found[0]) as part, open(name, "wb") as file:
                    shutil.copyfileobj(part, file)
                with decompressed(name) as stream:
                    yield name, stream
                os.remove(name)

    def of_tar() -> Iterator[tuple[str, IO[bytes]]]:
        with bz2.open(archive) as stream:
            yield "it", stream

    yield of_conda() if archive.endswith(".conda") else of_tar()


class Package:
    """The folder that a package is unpacked into."""

    def __init__(self, out: str, size: int) -> None:
        self.out = out
        self.size = size
        # What is there by now: names with `file`, `folder` or `link`.
        self.kinds: dict[str, str] = {"": "folder"}

    def name_of(self, member: tarfile.TarInfo) -> str:
        """The normal form of a name, which stays inside of the package."""
        name = member.name
        if name.startswith("/") or ".." in name.split("/") or "\0" in name:
            raise Refused(f"its file `{name}` would be written outside of the package")
        return "" if posixpath.normpath(name) == "." else posixpath.normpath(name)

    def path(self, name: str) -> str:
        return os.path.join(self.out, name)

    def add_folder(self, name: str) -> None:
        """Makes a folder and those that it is in; none of them is a link, so nothing is written elsewhere."""
        kind = self.kinds.get(name)
        if kind == "folder":
            return
        if kind is not None:
            raise Refused(f"its `{name}` is a {kind} and a folder")
        self.add_folder(posixpath.dirname(name))
        self.kinds[name] = "folder"
        os.mkdir(self.path(name))

    def claim(self, name: str, kind: str) -> str:
        """The path of a new file."""
        if name in self.kinds:
            raise Refused(f"it has the file `{name}` twice")
        if len(self.kinds) >= MAX_FILES:
            raise Refused(f"it has more than {MAX_FILES} files")
        self.add_folder(posixpath.dirname(name))
        self.kinds[name] = kind
        return self.path(name)

    def add(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Unpacks one member."""
        name = self.name_of(member)
        if member.isdir():
            self.add_folder(name)
        elif member.issym():
            self.add_link(name, member.linkname)
        elif member.islnk():
            self.add_copy(name, member.linkname)
        elif member.isreg():
            self.add_file(name, archive, member)
        else:
            raise Refused(f"its `{name}` is neither a file, nor a folder, nor a link")

    def add_file(self, name: str, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        # What the header says is known before any of it is written; files with holes are large at no cost.
        self.size -= member.size
        if self.size < 0:
            raise Refused("it has more data than a package of its size may have")
        path = self.claim(name, "file")
        source = archive.extractfile(member)
        assert source is not None
        with source, open(path, "wb") as file:
            shutil.copyfileobj(source, file, CHUNK)
        if os.path.getsize(path) != member.size:
            raise Refused(f"its file `{name}` is cut off")
        # Never more than what the store keeps: whether it can be executed.
        os.chmod(path, 0o755 if member.mode & stat.S_IXUSR else 0o644)

    def add_link(self, name: str, target: str) -> None:
        if not target:
            raise Refused(f"its link `{name}` leads nowhere")
        if target.startswith("/") or leaves(posixpath.join(posixpath.dirname(name), target)):
            raise Refused(f"its link `{name}` leads out of the package, to `{target}`")
        os.symlink(target, self.claim(name, "link"))

    def add_copy(self, name: str, target: str) -> None:
        """A hard link: a second name of a file that is there by now."""
        normal = posixpath.normpath(target)
        if self.kinds.get(normal) != "file":
            raise Refused(f"its file `{name}` is a hard link to `{target}`, which is not a file before it in the archive")
        self.size -= os.path.getsize(self.path(normal))
        if self.size < 0:
            raise Refused("it has more data than a package of its size may have")
        shutil.copy(self.path(normal), self.claim(name, "file"))

    def check_links(self) -> None:
        """Refuses links that lead out by way of other links, or to each other; what other packages have may be missing."""
        root = os.path.realpath(self.out)
        for name, kind in self.kinds.items():
            if kind == "link" and not (os.path.realpath(self.path(name)) + "/").startswith(root + "/"):
                raise Refused(f"its link `{name}` leads out of the package, by way of other links")


def leaves(name: str) -> bool:
    """Whether a relative name leads out of the folder that it begins in."""
    normal = posixpath.normpath(name)
    return normal == ".." or normal.startswith(("../", "/"))


def unpack(archive: str, out: str) -> None:
    """Unpacks all parts."""
    os.mkdir(out)
    package = Package(out, limit(archive))
    with parts(archive) as streams:
        for name, stream in streams:
            limited = Limited(stream, archive)
            try:
                with tarfile.open(fileobj=limited, mode="r|", errorlevel=2) as tar:
                    for member in tar:
                        package.add(tar, member)
            except tarfile.TarError as error:
                raise Refused(f"{'its part `' + name + '`' if name != 'it' else 'it'} is not a sound archive: {error}") from error
    package.check_links()


def check(out: str, locked: dict[str, str]) -> None:
    """Refuses a package that is not the one of the lock."""
    try:
        with open(os.path.join(out, "info/index.json"), encoding="utf-8") as file:
            index = json.load(file)
    except OSError:
        raise Refused("it has no `info/index.json`, so it is not a conda package") from None
    except ValueError as error:
        raise Refused(f"its `info/index.json` is not JSON: {error}") from error
    for field, key in IDENTITY.items():
        found = index.get(field) if isinstance(index, dict) else None
        if found != locked[key]:
            raise Refused(f"the lock has it with the {field} `{locked[key]}`, but its `info/index.json` says `{found}`")


def main() -> None:
    (archive,) = sys.argv[1:]
    locked = json.loads(os.environ["package"])
    try:
        unpack(archive, os.environ["out"])
        check(os.environ["out"], locked)
    # What the readers of the archives say about data that they can't read, in all of Python's versions.
    except (Refused, OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        sys.exit(
            f"error: can't unpack the conda package `{locked['file']}`: {error}; "
            f"require another version or build of `{locked['condaName']}` and renew the lock"
        )


if __name__ == "__main__":
    main()
