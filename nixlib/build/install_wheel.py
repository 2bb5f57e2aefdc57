"""Installs one wheel into $out, in the place of the standard builder.

Usage: install_wheel.py INSTALLER
       install_wheel.py --check

The second form only refuses what the first one refuses, for wheels that nixpkgs' hooks install.

INSTALLER is the store path of the `installer` that nixpkgs' hook for the install phase runs; it is run in the same way here, so that
what it writes is the same. $src is the wheel, $sitePackages the folder of modules. Nearly all wheels are finished then. Programs and
files outside of the modules go through the fixup phase of stdenv, and then binaries through the script $patchBinaries, where there is
one (docs/decisions/0053).
"""

from __future__ import annotations

import sys

# The folder of this script is the store.
del sys.path[0]

import compileall
import configparser
import csv
import importlib.util
import os
import posixpath
import re
import runpy
import shutil
import stat
import subprocess
import zipfile

# What stdenv has set by the time that its install phase runs.
ENVIRONMENT = {
    "DETERMINISTIC_BUILD": "1",
    "SOURCE_DATE_EPOCH": "315532800",
}

# The folders that a wheel may have files for besides modules.
SCHEMES = ("purelib", "platlib", "headers", "scripts", "data")

# What its setup script expects to be there, empty or not.
EMPTY = """
    buildInputs configureFlags depsBuildBuild depsBuildBuildPropagated depsBuildTarget depsBuildTargetPropagated depsHostHost
    depsHostHostPropagated depsTargetTarget depsTargetTargetPropagated patches propagatedNativeBuildInputs
"""

FIXUP = """
source "$stdenv/setup"
export PYTHONDONTWRITEBYTECODE=1
postFixup=wrapPythonPrograms
fixupPhase
"""


def refuse(wheel: str, problem: str) -> None:
    """Ends the build."""
    name = wheel.split("-")[0]
    sys.exit(f"error: can't install the wheel `{wheel}`: {problem}; lock its source with `mach-nix lock --provider {name}=sdist`")


def leaves(name: str) -> bool:
    """Whether a file of this name is written outside of the folder that it is for, which may be that of a scheme (`x.data/scripts/`).

    Backslashes separate folders too, for programs that unpack archives elsewhere.
    """
    name = name.replace("\\", "/")
    inner = re.sub(r"^[^/]*\.data/[^/]*/", "", name)
    return inner.startswith("/") or name.startswith("/") or ".." in name.split("/") or bool(re.match(r"[A-Za-z]:", inner)) or "\0" in name


def check(wheel: str, path: str) -> str:
    """Refuses archives that are no wheels, or would write elsewhere; gives the name of the folder of metadata."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            entry_points = {
                member.filename: archive.read(member).decode()
                for member in members
                if member.filename.endswith(".dist-info/entry_points.txt") and member.filename.count("/") == 1
            }
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        refuse(wheel, str(error))
    seen = set()
    for member in members:
        name = member.filename
        if leaves(name):
            refuse(wheel, f"its file `{name}` would be written outside of the package")
        if stat.S_ISLNK(member.external_attr >> 16):
            refuse(wheel, f"its file `{name}` is a symbolic link")
        normal = posixpath.normpath(name)
        if normal in seen and not member.is_dir():
            refuse(wheel, f"it has the file `{name}` twice")
        seen.add(normal)
    folders = sorted({name.split("/")[0] for name in seen if re.match(r"[^/]*\.dist-info/", name)})
    if len(folders) != 1:
        found = f"several folders `*.dist-info` ({', '.join(folders)})" if folders else "no folder `*.dist-info`"
        refuse(wheel, f"it has {found}")
    data = folders[0].removesuffix(".dist-info") + ".data/"
    for name in sorted(seen):
        if name.startswith(data) and name.split("/")[1] not in SCHEMES:
            refuse(wheel, f"its file `{name}` is for a folder that wheels don't have; they have {', '.join(SCHEMES)}")
    for text in entry_points.values():
        for program in programs(text):
            if "/" in program or program in (".", ".."):
                refuse(wheel, f"its program `{program}` would be written outside of the folder of programs")
    return folders[0]


def programs(text: str) -> list[str]:
    """The names of the programs that the text of an `entry_points.txt` declares."""
    try:
        from installer.utils import parse_entrypoints
    except ImportError:
        # nixpkgs of before `installer` runs pip.
        parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
        parser.optionxform = str
        parser.read_string(text)
        sections = [section for section in ("console_scripts", "gui_scripts") if section in parser]
        return [name for section in sections for name in parser[section]]
    return [name for name, _module, _attribute, _section in parse_entrypoints(text)]


def install(path: str, out: str) -> None:
    """Runs `python -m installer`, without its bytecode."""
    sys.argv = ["installer", "--no-compile-bytecode", "--prefix", out, path]
    try:
        runpy.run_module("installer", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise


def compile_modules(modules: str, metadata: str) -> None:
    """Compiles the files that the wheel has for this folder, in the two levels that `installer` does."""
    with open(os.path.join(modules, metadata, "RECORD"), encoding="utf-8", newline="") as file:
        names = [posixpath.normpath(row[0]) for row in csv.reader(file) if row]
    for name in names:
        if not name.startswith("../"):
            compile_module(os.path.join(modules, name))


def compile_module(path: str) -> None:
    """Compiles one file, if it is Python: once, where assertions, which the second level leaves out, can't make a difference."""
    if not path.endswith(".py"):
        return
    with open(path, "rb") as file:
        source = file.read()
    compile_file(path, 0)
    first = importlib.util.cache_from_source(path, optimization="")
    if source.isascii() and not re.search(rb"assert|__debug__|coding[:=]", source) and os.path.exists(first):
        shutil.copyfile(first, importlib.util.cache_from_source(path, optimization=1))
    else:
        compile_file(path, 1)


def compile_file(path: str, level: int) -> None:
    """Writes bytecode; a file with errors of syntax has none, as everywhere."""
    compileall.compile_file(path, optimize=level, quiet=1, ddir=os.path.dirname(path))


def is_script(path: str) -> bool:
    """Whether the file is executable and says by what it is run."""
    if not os.stat(path).st_mode & stat.S_IXUSR:
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def needs_fixup(out: str, site_packages: str) -> bool:
    """Whether the fixup phase may have something to change."""
    modules = os.path.join(out, site_packages)
    for folder, _folders, files in os.walk(out):
        if files and not (folder + "/").startswith(modules + "/"):
            return True
        if any(name.endswith(".la") or is_script(os.path.join(folder, name)) for name in files):
            return True
    return False


def main() -> None:
    (installer,) = sys.argv[1:]
    # The name in the store begins with a hash; the file's own name says what the wheel is of.
    wheel = re.sub(r"^[a-z0-9]{32}-", "", os.path.basename(os.environ["src"]))
    if installer == "--check":
        check(wheel, os.environ["src"])
        return
    out, source, site_packages = os.environ["out"], os.environ["src"], os.environ["sitePackages"]
    sys.path.append(os.path.join(installer, site_packages))
    os.environ.update(ENVIRONMENT)

    metadata = check(wheel, source)
    os.symlink(source, wheel)
    install(wheel, out)
    compile_modules(os.path.join(out, site_packages), metadata)

    # As nixpkgs' hooks do.
    shutil.rmtree(os.path.join(out, "bin/__pycache__"), ignore_errors=True)
    for name in ("tests", "test"):
        shutil.rmtree(os.path.join(out, site_packages, name), ignore_errors=True)

    if needs_fixup(out, site_packages):
        variables = {**os.environ, **{name: os.environ.get(name, "") for name in EMPTY.split()}}
        subprocess.run([os.environ["shell"], "-e", "-c", FIXUP], env=variables, check=True)
    else:
        os.makedirs(os.path.join(out, "nix-support"))
        with open(os.path.join(out, "nix-support/propagated-build-inputs"), "w", encoding="utf-8") as file:
            file.write(os.environ["propagatedBuildInputs"] + " ")
    if "patchBinaries" in os.environ:
        runpy.run_path(os.environ["patchBinaries"])


main()
