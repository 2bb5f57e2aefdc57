"""Compares the folders of packages as two ways of building made them.

Usage: same_content.py FILE

FILE is JSON: a list of pairs of folders. Each may name itself in its files, and the other one then has its own name in that place.
"""

import json
import marshal
import os
import sys


def tree(folder: str) -> dict[str, tuple[str, bytes]]:
    """Kind and content of everything in the folder, by relative path."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            relative = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[relative] = "link", os.readlink(path).encode()
            elif os.path.isdir(path):
                found[relative] = "folder", b""
            else:
                with open(path, "rb") as file:
                    content = file.read()
                found[relative] = "program" if os.access(path, os.X_OK) else "file", content
    return found


def same_code(one: bytes, other: bytes) -> bool:
    """Whether two files of bytecode are the same but for which of their constants are shared, which `marshal` decides by chance."""
    return one[:16] == other[:16] and marshal.loads(one[16:]) == marshal.loads(other[16:])


def differences(one: str, other: str) -> list[str]:
    """Everything in which the folder `one` is not as `other`."""
    names = [os.path.basename(folder).split("-")[0].encode() for folder in (one, other)]
    first, second = tree(one), tree(other)
    found = [f"only {one} has {path}" for path in sorted(first.keys() - second.keys())]
    found += [f"only {other} has {path}" for path in sorted(second.keys() - first.keys())]
    for path in sorted(first.keys() & second.keys()):
        kind, content = first[path]
        content = content.replace(*names)
        if (kind, content) != second[path] and not (path.endswith(".pyc") and same_code(content, second[path][1])):
            found.append(f"{path} differs: {kind} of {len(content)} bytes in {one}, {second[path][0]} of {len(second[path][1])} bytes in {other}")
    return found


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        pairs = json.load(file)
    found = [difference for pair in pairs for difference in differences(*pair)]
    print(f"{len(pairs)} packages compared")
    sys.exit("\n".join(found) or 0)


main()
