"""Makes conda packages, with what Python and zstd have: for tests.

A package is a folder of files with what `info/index.json` says. The files that have the placeholder are found by their contents.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import tarfile
import zipfile

# As long as those of conda-build.
PLACEHOLDER = ("/home/conda/feedstock_root/build_artifacts/host_env_" + "placehold_" * 30)[:254] + "p"


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def files_of(folder):
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files + [one for one in folders if os.path.islink(os.path.join(parent, one))]):
            yield os.path.relpath(os.path.join(parent, name), folder)


def paths_json(folder, placeholder=PLACEHOLDER):
    """The text of `info/paths.json`."""
    paths = []
    for name in files_of(folder):
        path = os.path.join(folder, name)
        if os.path.islink(path):
            entry = {"path_type": "softlink"}
        else:
            entry = {"path_type": "hardlink"}
            with open(path, "rb") as file:
                data = file.read()
            if placeholder.encode() in data:
                entry.update(prefix_placeholder=placeholder, file_mode="binary" if b"\0" in data else "text")
        target = path if os.path.exists(path) and not os.path.isdir(path) else None
        paths.append(
            {
                "_path": name,
                "sha256": sha256(target) if target else hashlib.sha256(b"").hexdigest(),
                "size_in_bytes": os.path.getsize(target) if target else 0,
                **entry,
            }
        )
    return json.dumps({"paths": paths, "paths_version": 1}, indent=2)


def member(name, data=b"", mode=0o644, kind=tarfile.REGTYPE, link=""):
    """One member of an archive."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.type, info.linkname = len(data), mode, kind, link
    return info, data


def members_of(folder):
    """The members of an archive with the files of a folder."""
    for name in files_of(folder):
        path = os.path.join(folder, name)
        if os.path.islink(path):
            yield member(name, kind=tarfile.SYMTYPE, link=os.readlink(path))
        else:
            with open(path, "rb") as file:
                yield member(name, file.read(), 0o755 if os.access(path, os.X_OK) else 0o644)


def tar(members):
    """The bytes of an archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def write(out, info, package):
    """Writes a package, in the format that its name says, from the members of its two parts."""
    if out.endswith(".conda"):
        name = os.path.basename(out)[: -len(".conda")]
        with zipfile.ZipFile(out, "w") as container:
            container.writestr("metadata.json", '{"conda_pkg_format_version": 2}')
            container.writestr(f"pkg-{name}.tar.zst", zstd(tar(package)))
            container.writestr(f"info-{name}.tar.zst", zstd(tar(info)))
    else:
        import bz2

        with open(out, "wb") as file:
            file.write(bz2.compress(tar([*info, *package])))


def info_of(index, folder=None, link=None, more=(), paths=None):
    """The members of the part with the metadata."""
    texts = {"info/index.json": json.dumps(index, indent=2)}
    texts["info/paths.json"] = paths if paths is not None else paths_json(folder) if folder else '{"paths": [], "paths_version": 1}'
    if link:
        texts["info/link.json"] = json.dumps({"package_metadata_version": 1, **link})
    texts.update(more)
    return [member(name, text.encode()) for name, text in texts.items()]


def pack(channel, index, folder, suffix=".conda", link=None):
    """Writes the package of a folder into a channel; gives its entry in a lock, as far as the package says."""
    file = f"{index['name']}-{index['version']}-{index['build']}{suffix}"
    out = os.path.join(channel, index["subdir"], file)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    write(out, info_of(index, folder, link), list(members_of(folder)))
    return {
        "version": index["version"],
        "provider": "conda/test",
        "channel": "./channel",
        "subdir": index["subdir"],
        "build": index["build"],
        "file": file,
        "url": f"./channel/{index['subdir']}/{file}",
        "hash": "sha256-" + base64.b64encode(bytes.fromhex(sha256(out))).decode(),
        "size": os.path.getsize(out),
    }
