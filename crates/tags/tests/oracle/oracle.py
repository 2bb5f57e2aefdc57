"""Answers questions with Python's `packaging`: one JSON object on stdin, one on stdout."""

import json
import sys
from unittest import mock

try:
    import packaging
    from packaging import _manylinux, _musllinux, tags, utils
    from packaging.version import Version
except ImportError as error:
    sys.exit(f"{sys.executable}: {error}")

# The first release that puts `linux_*` before `manylinux_*`.
if Version(packaging.__version__) < Version("26.3"):
    sys.exit(f"{sys.executable} has packaging {packaging.__version__}; 26.3 or newer is needed")


def platforms(system, machine, glibc, macos):
    if system.endswith("-darwin"):
        return list(tags.mac_platforms(tuple(macos), machine))
    with (
        mock.patch("sysconfig.get_platform", lambda: f"linux-{machine}"),
        mock.patch.object(_manylinux, "_get_glibc_version", lambda: tuple(glibc)),
        mock.patch.object(_manylinux, "_have_compatible_abi", lambda *_: True),
        mock.patch.object(_manylinux, "_get_manylinux_module", lambda: None),
        mock.patch.object(_musllinux, "platform_tags", lambda _: []),
    ):
        return list(tags._linux_platforms(is_32bit=False))


def supported(minor, system, machine, glibc, macos):
    version = (3, minor)
    interpreter = f"cp3{minor}"
    # Given, so that the build of the Python that runs this does not matter.
    abis = [f"{interpreter}m" if minor < 8 else interpreter]
    known = platforms(system, machine, glibc, macos)
    return [
        *tags.cpython_tags(version, abis, known),
        *tags.compatible_tags(version, interpreter, known),
    ]


def wheel(file_name):
    try:
        name, version, build, found = utils.parse_wheel_filename(file_name)
    except utils.InvalidWheelFilename:
        return None
    return {
        "name": name,
        "version": str(version),
        "build": list(build) or None,
        "tags": sorted(map(str, found)),
    }


def sdist(file_name):
    try:
        name, version = utils.parse_sdist_filename(file_name)
    except utils.InvalidSdistFilename:
        return None
    return {"name": name, "version": str(version)}


def places(target, file_names):
    """What pip's CandidatePreferences compare: the least index of a supported tag, or None."""
    index = {tag: place for place, tag in reversed(list(enumerate(supported(*target))))}
    for file_name in file_names:
        found = utils.parse_wheel_filename(file_name)[3]
        yield min((index[tag] for tag in found if tag in index), default=None)


question = json.load(sys.stdin)
match question:
    case {"supported": target}:
        answer = list(map(str, supported(*target)))
    case {"wheels": file_names}:
        answer = list(map(wheel, file_names))
    case {"sdists": file_names}:
        answer = list(map(sdist, file_names))
    case {"places": [target, file_names]}:
        answer = list(places(target, file_names))
    case _:
        sys.exit(f"unknown question: {list(question)}")
json.dump(answer, sys.stdout)
