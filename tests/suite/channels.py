"""Makes a channel with py-rattler: channels.py FOLDER."""

import asyncio
import io
import json
import os
import pathlib
import sys
import tarfile

from rattler.index import index_fs


def package(folder, subdir, name, version, build, **more):
    """A package with nothing but its metadata."""
    index = {"name": name, "version": version, "build": build, "build_number": 0, "subdir": subdir, "depends": []} | more
    files = {"info/index.json": index, "info/paths.json": {"paths": [], "paths_version": 1}}
    path = folder / subdir / f"{name}-{version}-{build}.tar.bz2"
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:bz2") as archive:
        for member, content in files.items():
            content = json.dumps(content).encode()
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


async def main(folder):
    package(folder, "linux-64", "libdemo", "1.0", "h1_0", constrains=["other <2"], timestamp=1_700_000_000_000)
    package(folder, "linux-64", "libdemo", "1.1", "h1_0", track_features="debug")
    package(folder, "noarch", "demo", "2.0", "pyh1_0", noarch="python", depends=["python >=3.9", "libdemo >=1,<2.0a0"])
    package(folder, "noarch", "demo", "2.1rc1", "pyh1_0", noarch="python", depends=["python >=3.9"], license="MIT")
    await index_fs(folder, write_zst=True, write_shards=True)


asyncio.run(main(pathlib.Path(sys.argv[1])))
# The threads of py-rattler sometimes outlive the interpreter, which then dies of a signal.
os._exit(0)
