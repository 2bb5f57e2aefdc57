"""The contents of files of conda packages with the path of the environment instead of their placeholder.

The rules are those of CEP 34 (https://github.com/conda/ceps/blob/main/cep-0034.md) and of conda itself.
"""

from __future__ import annotations

import re

# The placeholder of packages that name none.
OLD_PLACEHOLDER = "/opt/anaconda1anaconda2anaconda3"

# Maximum length of the first line of a script by platform, as conda has it.
MAX_SHEBANG = {"linux": 127, "osx": 512}

# `#!`, the interpreter with escaped spaces, its arguments.
SHEBANG = re.compile(rb"#!\s*((?:\\ |[^ \n\r])+)(.*)$", re.DOTALL)


class TooShort(Exception):
    """A placeholder in a binary file is shorter than the path that replaces it."""


def text(data: bytes, placeholder: bytes, prefix: bytes, platform: str) -> bytes:
    """A text file: each placeholder is replaced."""
    if data.startswith(b"#!"):
        line, end, rest = data.partition(b"\n")
        return shebang(line, placeholder, prefix, platform) + end + rest.replace(placeholder, prefix)
    return data.replace(placeholder, prefix)


def shebang(line: bytes, placeholder: bytes, prefix: bytes, platform: str) -> bytes:
    """The first line of a script; the kernel reads the start of it only, and an interpreter ends at a space."""
    replaced = line.replace(placeholder, prefix)
    if b" " in prefix:
        return by_name(line).replace(placeholder, prefix)
    return replaced if len(replaced) <= MAX_SHEBANG[platform] else by_name(replaced)


def by_name(line: bytes) -> bytes:
    """The first line of a script with its interpreter by name."""
    found = SHEBANG.match(line)
    if found is None:
        return line
    return b"#!/usr/bin/env " + found[1].rsplit(b"/", 1)[-1] + found[2]


def binary(data: bytes, placeholder: bytes, prefix: bytes) -> bytes:
    """A binary file: in each string, and filled up to its length, so that nothing moves."""
    if len(prefix) > len(placeholder) and placeholder in data:
        raise TooShort
    parts = []
    position = 0
    while True:
        start = data.find(placeholder, position)
        if start < 0:
            parts.append(data[position:])
            return b"".join(parts)
        end = data.find(b"\0", start + len(placeholder))
        if end < 0:
            end = len(data)
        parts += [data[position:start], data[start:end].replace(placeholder, prefix).ljust(end - start, b"\0")]
        position = end


def replaced(data: bytes, mode: str, placeholder: str, prefix: str, platform: str) -> bytes:
    """The contents of a file in the mode that its package says, `text` or `binary`."""
    if mode == "binary":
        return binary(data, placeholder.encode(), prefix.encode())
    return text(data, placeholder.encode(), prefix.encode(), platform)
