"""Compiles and packs the channel of the tests, and writes a lock of its packages.

Usage: channel.py FOLDER

FOLDER gets `channel` and `mach-nix.lock`. The compiler is that of this machine, as conda's is not that of nixpkgs either: programs have
its loader, and find libraries by `$ORIGIN`.
"""

import json
import os
import subprocess
import sys

from packer import PLACEHOLDER, pack

LIBRARY = """
#include "foo.h"
const char *foo_folder(void) { return "%s/share/foo"; }
int foo(int x) { return x + 1; }
""" % PLACEHOLDER

PROGRAM = """
#include <stdio.h>
#include "foo.h"
/* Two paths in one string, as search paths are. */
static const char *volatile both = "%(p)s/etc:%(p)s/share";
int main(void) { printf("%%d %%s %%s\\n", foo(41), foo_folder(), both); return 0; }
""" % {"p": PLACEHOLDER}

MODULE = """
#include <Python.h>
#include "foo.h"
static PyObject *call(PyObject *self, PyObject *args) { return Py_BuildValue("is", foo(6), foo_folder()); }
static PyMethodDef methods[] = {{"call", call, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_foo", "", -1, methods};
PyMODINIT_FUNC PyInit__foo(void) { return PyModule_Create(&module); }
"""

# Linked to zlib, which no package has, to the driver of NVIDIA, which nobody has, and to libfoo, without a search path.
EXTRA = """
#include "foo.h"
const char *zlibVersion(void);
const char *extra(void) { return foo(1) == 2 ? zlibVersion() : ""; }
"""

ACTIVATE = """
if [[ -n "$FOO_DATA" ]]; then export _CONDA_SET_FOO_DATA="$FOO_DATA"; fi
if [ -d "$CONDA_PREFIX/share/foo" ]; then
  export FOO_DATA="${CONDA_PREFIX}/share/foo"
elif [ -d "$CONDA_PREFIX/Library/share/foo" ]; then
  export FOO_DATA="${CONDA_PREFIX}/Library/share/foo"
fi
FOO_LEVEL='a $b'; export FOO_LEVEL
export FOO_NOW="$(date)"
export PATH="$CONDA_PREFIX/other:$PATH"
"""


class Builder:
    """A folder for each package."""

    def __init__(self, top):
        self.top = top
        self.channel = os.path.join(top, "channel")
        self.entries = []

    def folder(self, name):
        return os.path.join(self.top, "build", name)

    def write(self, name, path, text, executable=False):
        path = os.path.join(self.folder(name), path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755 if executable else 0o644)

    def compile(self, name, path, code, *options):
        path = os.path.join(self.folder(name), path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        folders = ["-I" + self.folder("libfoo") + "/include", "-I/usr/include/python3.11", "-L" + self.folder("libfoo") + "/lib"]
        subprocess.run(["gcc", "-x", "c", "-", "-o", path, *folders, *options], input=code.encode(), check=True)

    def metadata(self, name, project, version):
        """The metadata of a Python project, as conda-build leaves it."""
        folder = f"{project}-{version}.dist-info"
        site = "site-packages" if name == "greet" else "lib/python3.11/site-packages"
        self.write(name, f"{site}/{folder}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n")
        self.write(name, f"{site}/{folder}/INSTALLER", "conda")
        return site

    def add(self, name, version, dependencies=(), owner=None, suffix=".conda", build="0", noarch=None, link=None, more=()):
        folder = self.folder(name)
        os.makedirs(folder, exist_ok=True)
        index = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "depends": [one.removeprefix("conda:") for one in dependencies] + list(more),
            "subdir": "noarch" if noarch else "linux-64",
            "license": "MIT",
        }
        if noarch:
            index["noarch"] = noarch
        entry = pack(self.channel, index, folder, suffix, link)
        entry["name"] = owner or "conda:" + name
        if owner and owner != name:
            entry["condaName"] = name
        if dependencies:
            entry["dependencies"] = sorted(dependencies)
        self.entries.append(entry)


def build(top):
    b = Builder(top)
    library(b)
    program(b)
    modules(b)
    others(b)
    return b


def library(b):
    b.write("libfoo", "include/foo.h", "int foo(int);\nconst char *foo_folder(void);\n")
    b.compile("libfoo", "lib/libfoo.so.1.2", LIBRARY, "-shared", "-fPIC", "-Wl,-soname,libfoo.so.1", "-Wl,-rpath,$ORIGIN")
    for link, target in [("lib/libfoo.so.1", "libfoo.so.1.2"), ("lib/libfoo.so", "libfoo.so.1"), ("share/foo/latest", "../foo/data.txt")]:
        os.makedirs(os.path.dirname(os.path.join(b.folder("libfoo"), link)), exist_ok=True)
        os.symlink(target, os.path.join(b.folder("libfoo"), link))
    b.write("libfoo", "lib/pkgconfig/foo.pc", f"prefix={PLACEHOLDER}\nlibdir=${{prefix}}/lib\nName: foo\n# {PLACEHOLDER}\n")
    b.write("libfoo", "share/foo/data.txt", "data of foo\n")
    b.write("libfoo", "etc/conda/activate.d/foo.sh", ACTIVATE)
    b.write("libfoo", "etc/conda/env_vars.d/foo.json", '{"FOO_KIND": "from json"}')
    b.write("libfoo", "bin/shared", "#!/bin/sh\necho libfoo\n", True)
    b.write("libfoo", "share/licenses/LICENSE", "of libfoo\n")
    b.add("libfoo", "1.2")


def program(b):
    b.compile("foo-tool", "bin/foo-tool", PROGRAM, "-lfoo", "-Wl,-rpath,$ORIGIN/../lib")
    b.write("foo-tool", "bin/foo-script", f"#!{PLACEHOLDER}/bin/python3.11\nimport pyfoo\nprint('{PLACEHOLDER}', pyfoo.call()[0])\n", True)
    b.write("foo-tool", "bin/long-script", f"#!{PLACEHOLDER}/bin/{'x' * 100} -s\n# {PLACEHOLDER}\n", True)
    # Another one, of the same name, is in libfoo.
    b.write("foo-tool", "bin/shared", "#!/bin/sh\necho foo-tool\n", True)
    b.write("foo-tool", "share/licenses/LICENSE", "of foo-tool\n")
    b.add("foo-tool", "2!1.0", ["conda:libfoo"], suffix=".tar.bz2")


def modules(b):
    site = b.metadata("pyfoo", "pyfoo", "3.0")
    b.write("pyfoo", f"{site}/pyfoo/__init__.py", "from ._foo import call\n")
    b.write("pyfoo", f"{site}/pyfoo/__pycache__/__init__.cpython-311.pyc", "stale")
    b.write("pyfoo", "share/pyfoo/where.txt", f"{PLACEHOLDER}/share/pyfoo\n")
    b.compile("pyfoo", f"{site}/pyfoo/_foo.cpython-311-x86_64-linux-gnu.so", MODULE, "-shared", "-fPIC", "-lfoo", "-Wl,-rpath,$ORIGIN/../../../")
    b.add("pyfoo", "3.0", ["conda:libfoo"], owner="pyfoo", build="py311h1_0", more=["python >=3.11,<3.12.0a0", "python_abi 3.11.* *_cp311"])
    # Only the metadata of this one says which project it is.
    site = b.metadata("greet", "Greet.Ing", "0.5")
    b.write("greet", f"{site}/greet/__init__.py", "import pyfoo\ndef main():\n    import sys\n    print('hello', pyfoo.call()[0], *sys.argv[1:])\n")
    b.write("greet", "python-scripts/greet-old", "#!/usr/bin/env python\nimport greet\ngreet.main()\n", True)
    link = {"noarch": {"type": "python", "entry_points": ["greet = greet:main"]}}
    b.add("greet", "0.5", ["conda:all-of-foo"], owner="greet-ing", build="pyhd8ed1ab_0", noarch="python", link=link, more=["python >=3.9"])


def others(b):
    # A package without files.
    b.add("all-of-foo", "1", ["conda:foo-tool", "conda:libfoo", "pyfoo"], noarch="generic")
    b.compile("extra", "lib/libextra.so", EXTRA, "-shared", "-fPIC", "-lfoo", "-Wl,--no-as-needed", "-l:libz.so.1", *stub_of_driver(b))
    b.write("extra", "bin/.extra-post-link.sh", "#!/bin/sh\necho never >\"$PREFIX/never\"\n", True)
    b.write("extra", "bin/bare-program", "#!/bin/sh\necho bare \"$FOO_DATA\"\n", True)
    b.add("extra", "1.0", ["conda:libfoo"])


def stub_of_driver(b):
    b.compile("driver", "libcuda.so.1", "int cuInit(int x) { return x; }", "-shared", "-fPIC", "-Wl,-soname,libcuda.so.1")
    return ["-L" + b.folder("driver"), "-l:libcuda.so.1"]


def main(top):
    os.makedirs(top, exist_ok=True)
    builder = build(top)
    lock = {
        "version": 1,
        "request": {
            "requirements": ["conda:extra", "conda:test::foo-tool >=1", "conda:greet"],
            "digest": "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "providers": {"_default": "conda/test,wheel"},
            "condaChannels": {"test": "./channel"},
        },
        "targets": [{"python": "3.11", "system": "x86_64-linux"}],
        "packages": sorted(builder.entries, key=lambda entry: entry["name"]),
    }
    with open(os.path.join(top, "mach-nix.lock"), "w") as file:
        json.dump(lock, file, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
