"""Runs the programs of nixlib/conda as their derivations do, without Nix."""

import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
SITE = "lib/python3.11/site-packages"


def collect(folder):
    """The programs in one folder, as nixlib/conda/programs.nix has them."""
    os.makedirs(folder, exist_ok=True)
    rooms = os.path.join(ROOT, "nixlib")
    for name in os.listdir(os.path.join(rooms, "conda")):
        if name.endswith(".py"):
            shutil.copy(os.path.join(rooms, "conda", name), folder)
    shutil.copy(os.path.join(rooms, "environment/collisions.py"), folder)
    with open(os.path.join(rooms, "build/patch_binaries.py")) as file, open(os.path.join(folder, "elf.py"), "w") as out:
        text = file.read()
        assert text.endswith("\nmain()\n")
        out.write(text[: -len("main()\n")])
    return folder


def tools(folder):
    """Folders that look like the packages of the tools."""
    for name in ("zstd", "patchelf"):
        os.makedirs(os.path.join(folder, name, "bin"), exist_ok=True)
        link = os.path.join(folder, name, "bin", name)
        if not os.path.lexists(link):
            os.symlink(shutil.which(name), link)
    support = os.path.join(folder, "bintools/nix-support")
    os.makedirs(support, exist_ok=True)
    libc = os.path.join(folder, "libc")
    os.makedirs(libc, exist_ok=True)
    if not os.path.lexists(os.path.join(libc, "lib")):
        os.symlink("/usr/lib/x86_64-linux-gnu", os.path.join(libc, "lib"))
    for name, text in (("dynamic-linker", "/lib64/ld-linux-x86-64.so.2\n"), ("orig-libc", libc + "\n")):
        with open(os.path.join(support, name), "w") as file:
            file.write(text)
    return {
        "zstd": os.path.join(folder, "zstd"),
        "patchelf": os.path.join(folder, "patchelf"),
        "bintools": os.path.join(folder, "bintools"),
        "libraries": "/usr",
    }


def run(programs, name, out, arguments=(), **variables):
    """Runs one program; gives its result with the texts that it writes."""
    scratch = os.path.join(os.path.dirname(out), "scratch")
    os.makedirs(scratch, exist_ok=True)
    environment = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "out": out, **variables}
    command = [sys.executable, os.path.join(programs, name), *arguments]
    return subprocess.run(command, env=environment, cwd=scratch, capture_output=True, text=True)


def unpack(programs, archive, out, entry, **variables):
    package = {**entry, "condaName": entry.get("condaName", entry["name"].removeprefix("conda:"))}
    return run(programs, "unpack.py", out, [archive], package=json.dumps(package), **variables)


def request(packages, **changes):
    """What link.py is given."""
    return {
        "packages": packages,
        "sitePackages": SITE,
        "python": "python3.11",
        "interpreter": "/usr/bin/python3.11",
        "platform": "linux",
        "ignored": False,
        **changes,
    }
