"""Writes the paths of libraries into Python code that opens them by name.

    library_paths.py FOLDER LIBRARIES…

In the files below FOLDER, two things become paths of the libraries in the folders LIBRARIES: strings that are the name of
a file there ("libmagic.so.1"), and what `ctypes.util.find_library` is called with ("magic"). A call with another
expression first looks into the table of the names that there are.
"""

import ast
import os
import py_compile
import re
import sys
from importlib.util import cache_from_source

FILE = re.compile(r"lib(.+?)(\.so(\.\d+)*|(\.\d+)*\.dylib)$")


def libraries(folders):
    """The paths by file name, and by the name for `find_library`; the first folder wins, and of its files the shortest."""
    files, names = {}, {}
    for folder in folders:
        for file in sorted(os.listdir(folder), key=lambda file: (len(file), file)):
            match = FILE.match(file)
            if match:
                path = os.path.join(folder, file)
                files.setdefault(file, path)
                names.setdefault(match[1], path)
    return files, names


class Finder(ast.NodeVisitor):
    """Collects what is to be replaced: (line, column, end line, end column, text), columns in bytes."""

    def __init__(self, files, names, code):
        self.files, self.names, self.code = files, names, code
        self.found = []
        self.called = {"find_library"}
        self.skipped = set()

    def replace(self, node, text):
        self.found.append((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text))

    def visit_ImportFrom(self, node):
        if node.module == "ctypes.util":
            self.called.update(alias.asname or alias.name for alias in node.names if alias.name == "find_library")

    # The parts of f-strings have no place of their own before Python 3.12.
    def visit_JoinedStr(self, node):
        pass

    def visit_Call(self, node):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
        is_find = name in self.called if isinstance(function, ast.Name) else name == "find_library"
        if is_find and len(node.args) == 1 and not node.keywords:
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                if argument.value in self.names:
                    self.replace(node, repr(self.names[argument.value]))
            elif self.names:
                original = ast.get_source_segment(self.code, function)
                self.replace(function, f"(lambda name: {self.names!r}.get(name) or {original}(name))")
                self.visit(argument)
        else:
            self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value in self.files:
            self.replace(node, repr(self.files[node.value]))


def patch(path, files, names):
    with open(path, "rb") as file:
        data = file.read()
    if b"lib" not in data:
        return []
    try:
        code = data.decode()
        tree = ast.parse(code)
    # Templates, and code for other versions of Python.
    except (SyntaxError, ValueError):
        return []
    finder = Finder(files, names, code)
    finder.visit(tree)
    lines = data.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for line, column, end_line, end_column, text in sorted(finder.found, reverse=True):
        data = data[: starts[line - 1] + column] + text.encode() + data[starts[end_line - 1] + end_column :]
    if finder.found:
        ast.parse(data)
        with open(path, "wb") as file:
            file.write(data)
    return [text for *_, text in finder.found]


def recompile(path):
    """Makes the bytecode that the installer has made of the file before, in the same way."""
    # The time that files have in the store.
    os.utime(path, (1, 1))
    for level, optimization in enumerate(["", 1, 2]):
        bytecode = cache_from_source(path, optimization=optimization)
        if os.path.exists(bytecode):
            with open(bytecode, "rb") as file:
                flags = file.read(8)[4]
            mode = {
                0: py_compile.PycInvalidationMode.TIMESTAMP,
                1: py_compile.PycInvalidationMode.UNCHECKED_HASH,
                3: py_compile.PycInvalidationMode.CHECKED_HASH,
            }[flags]
            py_compile.compile(path, bytecode, doraise=True, optimize=level, invalidation_mode=mode)


def main(folder, *folders):
    files, names = libraries(dict.fromkeys(folders))
    count = 0
    for root, _, found in os.walk(folder):
        for name in found:
            if name.endswith(".py") and not os.path.islink(os.path.join(root, name)):
                path = os.path.join(root, name)
                replaced = patch(path, files, names)
                if replaced:
                    recompile(path)
                for text in replaced:
                    print(f"{os.path.relpath(path, folder)}: {text if len(text) < 200 else 'a table of libraries'}")
                    count += 1
    if not count:
        print("no library of the inputs is opened by name")


main(*sys.argv[1:])
