"""Compares an environment of nixlib/conda with what py-rattler installs.

Usage: as_rattler.py FOLDER PREFIX

FOLDER is that of channel.py, PREFIX the environment. rattler writes PREFIX into its files, which are elsewhere. Every file has to be the
same, but for those that patchelf has changed, which the environment names.
"""

import asyncio
import json
import os
import sys
import tempfile

import rattler
from rattler import package_streaming

# What only one of them has. rattler keeps what lost a collision.
OURS = ("bin/python", "bin/python3", "bin/python3.11", "pyvenv.cfg", "nix-support/", "conda-meta/")
THEIRS = ("__clobbers__/", "conda-meta/", ".gitignore", "CACHEDIR.TAG")


def record(channel, subdir, file):
    path = os.path.join(channel, subdir, file)
    with tempfile.TemporaryDirectory() as folder:
        package_streaming.extract(path, folder)
        package = rattler.PackageRecord.from_index_json(os.path.join(folder, "info/index.json"))
    return rattler.RepoDataRecord(package, file, "file://" + path, "file://" + channel)


def python(folder):
    """A package `python` without files, by which rattler knows where modules go."""
    sys.path.insert(0, os.path.dirname(__file__))
    from packer import pack

    index = {"name": "python", "version": "3.11.9", "build": "0_cpython", "build_number": 0, "depends": [], "subdir": "linux-64"}
    os.makedirs(os.path.join(folder, "empty"))
    entry = pack(folder, index, os.path.join(folder, "empty"))
    return record(folder, "linux-64", entry["file"])


def tree(top, without):
    found = {}
    for parent, folders, files in os.walk(top):
        for name in files + [one for one in folders if os.path.islink(os.path.join(parent, one))]:
            path = os.path.join(parent, name)
            inner = os.path.relpath(path, top)
            if not inner.startswith(without):
                found[inner] = path
    return found


def content(path):
    """What a file is: links of packages are relative, links to packages are not."""
    if os.path.islink(path) and not os.readlink(path).startswith("/"):
        return "link", os.readlink(path)
    with open(path, "rb") as file:
        return bool(os.stat(path).st_mode & 0o100), file.read()


def main(folder, prefix):
    channel = os.path.join(os.path.realpath(folder), "channel")
    with open(os.path.join(folder, "mach-nix.lock")) as file:
        packages = json.load(file)["packages"]
    with open(os.path.join(prefix, "nix-support/conda.json")) as file:
        patched = set(json.load(file)["patched"])
    with tempfile.TemporaryDirectory() as scratch:
        records = [record(channel, package["subdir"], package["file"]) for package in packages] + [python(scratch)]
        target = os.path.join(scratch, "prefix")
        asyncio.run(
            rattler.install(
                records,
                target_prefix=target,
                cache_dir=os.path.join(scratch, "cache"),
                alternative_target_prefix=prefix,
                platform=rattler.Subdir("linux-64"),
                show_progress=False,
            )
        )
        ours, theirs = tree(prefix, OURS), tree(target, THEIRS)
        wrong = sorted(set(ours) ^ set(theirs))
        wrong += sorted(name for name in set(ours) & set(theirs) - patched if content(ours[name]) != content(theirs[name]))
    if wrong:
        print("not as rattler has it: " + ", ".join(wrong), flush=True)
    else:
        print(f"{len(theirs)} files are as rattler has them, {len(patched)} are patched", flush=True)
    # rattler's threads may end the process in their own way.
    os._exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
