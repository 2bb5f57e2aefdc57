"""What becomes of files that several packages of an environment have under one name.

pip lets the package that it installs last overwrite the file. Here the same package has it, but only where nothing is
lost: different modules of one name are an error. docs/decisions/0050 has the reasons.
"""

import ast
import fnmatch
import os
import re

# Documents, in whatever folder: `LICENSE`, `LICENSE-MIT`, `README.md`, `changelog.rst`.
DOCUMENT = re.compile(
    r"(LICEN[CS]ES?|COPYING|COPYRIGHT|NOTICES?|AUTHORS|CONTRIBUTORS|MAINTAINERS|THANKS|README|CHANGES|CHANGELOG|HISTORY"
    r"|NEWS|RELEASE[-_]?NOTES|TODO|INSTALL|CONTRIBUTING|CODE[-_]OF[-_]CONDUCT|SECURITY|CITATION)([-_.].*)?$"
)
DOCUMENT_SUFFIXES = {".asc", ".cff", ".html", ".markdown", ".md", ".org", ".pdf", ".rst", ".txt"}
DOCUMENT_FOLDERS = ("share/doc", "share/info", "share/licenses", "share/man")

# Parts of a repository that a wrong selection of files puts beside the modules.
REPOSITORY_FILES = {
    ".gitignore",
    ".pre-commit-config.yaml",
    "Dockerfile",
    "MANIFEST.in",
    "Makefile",
    "Pipfile",
    "Pipfile.lock",
    "conftest.py",
    "environment.yml",
    "noxfile.py",
    "poetry.lock",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "uv.lock",
}
REPOSITORY_FOLDERS = {
    "benchmark",
    "benchmarks",
    "build_tools",
    "doc",
    "docs",
    "example",
    "examples",
    "samples",
    "scripts",
    "test",
    "tests",
    "tools",
}


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def equal(paths):
    """Whether all paths lead to one file, or to files of the same bytes."""
    paths = list(dict.fromkeys(map(os.path.realpath, paths)))
    if len(paths) == 1:
        return True
    if not all(map(os.path.isfile, paths)) or len(set(map(os.path.getsize, paths))) > 1:
        return False
    return len(set(map(contents, paths))) == 1


def source_of_program(path):
    """What a program does, without the store paths that nixpkgs puts into it."""
    folder, name = os.path.split(path)
    hidden = os.path.join(folder, "." + name + "-wrapped")
    text = contents(hidden if os.path.isfile(hidden) else path)
    lines = [line for line in text.splitlines() if not line.startswith(b"import sys;import site;import functools;")]
    return [re.sub(rb"/nix/store/[^/\s'\"]*", b"", line) for line in lines]


def is_document(name):
    suffix = os.path.splitext(name)[1]
    if suffix.lower() in DOCUMENT_SUFFIXES:
        return DOCUMENT.match(name.upper()) is not None
    # Without such a suffix only what is written in capitals: `LICENSE`, `LICENSE.APACHE`.
    return name == name.upper() and DOCUMENT.match(name) is not None


def only_declares(path):
    """Whether an `__init__.py` is empty but for the declaration of a namespace package
    (https://packaging.python.org/en/latest/guides/packaging-namespace-packages/)."""
    text = contents(path)
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    lines = text.decode("utf-8", "replace").splitlines()
    starts = [statement.lineno - 1 for statement in body] + [len(lines)]
    for number, statement in enumerate(body):
        if isinstance(statement, ast.Expr) and type(statement.value).__name__ in ("Constant", "Str"):
            continue
        if isinstance(statement, ast.ImportFrom) and statement.module in ("__future__", "pkgutil"):
            continue
        if isinstance(statement, ast.Import) and all(
            alias.name in ("pkgutil", "pkg_resources") for alias in statement.names
        ):
            continue
        source = "\n".join(lines[starts[number] : starts[number + 1]])
        if not isinstance(statement, (ast.Assign, ast.Expr, ast.Try)) or not re.search(
            r"\b(extend_path|declare_namespace)\b", source
        ):
            return False
    return True


class Policy:
    """Which of several packages has a file.

    `site` is the folder of the modules, relative to the environment; `ignored` is true, or a list of patterns.
    """

    def __init__(self, site, ignored):
        self.site = site
        self.ignored = ignored
        # Path and packages of what is refused.
        self.refused = []
        # Of programs that are not the same.
        self.replaced = []
        self.own = {}

    def shown(self, path):
        """A path as users know it: a module relative to the folder of the modules."""
        return path[len(self.site) + 1 :] if path.startswith(self.site + "/") else path

    def winner(self, path, packages):
        """The package whose file or folder is used, of packages in the order of installation."""
        # The interpreter is the first.
        if re.match(r"bin/python(\d(\.\d+)?)?$", path):
            return packages[0]
        packages = [package for package in packages if not package.is_handed] or packages[-1:]
        last = packages[-1]
        paths = [package.path(path) for package in packages]
        folders = sum(map(os.path.isdir, paths))
        if folders == 0 and path.startswith("bin/"):
            if any(source_of_program(one) != source_of_program(paths[-1]) for one in paths):
                self.replaced.append((path, packages))
            return last
        if folders == 0 and equal(paths):
            return last
        if folders == 0 and os.path.basename(path) == "__init__.py":
            saying = [package for package in packages if not only_declares(package.path(path))]
            if not saying or equal([package.path(path) for package in saying]):
                return (saying or packages)[-1]
        if not self.is_ignored(path) and not self.is_unread(path, packages):
            self.refused.append((path, packages))
        return last

    def is_ignored(self, path):
        if isinstance(self.ignored, bool):
            return self.ignored
        parts = self.shown(path).split("/")
        whole = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        return any(fnmatch.fnmatchcase(one, pattern.rstrip("/")) for pattern in self.ignored for one in whole)

    def is_unread(self, path, packages):
        """Whether no program reads the file where packages are installed."""
        shown = self.shown(path)
        first, _, rest = shown.partition("/")
        name = os.path.basename(path)
        if is_document(name) or name == "py.typed" or path.startswith(DOCUMENT_FOLDERS):
            return True
        if not rest and first in REPOSITORY_FILES:
            return True
        return first in REPOSITORY_FOLDERS and not any(self.is_of(package, first) for package in packages)

    def is_of(self, package, folder):
        """Whether a folder with the name of a part of a repository is what the package is for: it has no other
        modules, or its programs are in it."""
        key = (package.folder, folder)
        if key not in self.own:
            site = package.path(self.site)
            names = os.listdir(site) if os.path.isdir(site) else []
            modules = [name for name in names if self.is_module(name)]
            programs = [
                line
                for name in names
                if name.endswith((".dist-info", ".egg-info"))
                for line in package.lines(os.path.join(self.site, name, "entry_points.txt"))
            ]
            self.own[key] = not modules or any(
                re.match(r"[^=]*=\s*%s\s*[.:]" % re.escape(folder), line) for line in programs
            )
        return self.own[key]

    @staticmethod
    def is_module(name):
        return (
            name not in REPOSITORY_FOLDERS | REPOSITORY_FILES
            and name != "__pycache__"
            and not name.endswith((".dist-info", ".egg-info", ".libs"))
            and not is_document(name)
        )

    def report(self):
        """The refusal, with all collisions, or None."""
        if not self.refused:
            return None
        groups = {}
        for path, packages in self.refused:
            groups.setdefault(tuple(package.label for package in packages), []).append(self.shown(path))
        text = "packages of this environment have different files of the same name:\n"
        for labels, paths in sorted(groups.items()):
            text += "\n  in %s and %s:\n" % (", ".join(labels[:-1]), labels[-1])
            text += "".join("    %s\n" % path for path in sorted(paths))
        if self.replaced:
            text += "\n" + self.notes()
        text += (
            "\nRequire only one of these packages and renew the lock, or let the one that is named last have its files, as pip"
            "\ndoes, with the argument `ignoreCollisions = [ %s ];` of `mkPython`"
            % " ".join('"%s"' % pattern for pattern in self.patterns())
        )
        return text

    def notes(self):
        """The programs of one name that are not the same, a line each."""
        return "".join(
            "  the program `%s` is that of %s; another one is in %s\n"
            % (os.path.basename(path), packages[-1].label, ", ".join(package.label for package in packages[:-1]))
            for path, packages in sorted(self.replaced, key=lambda one: one[0])
        )

    def patterns(self):
        """What to ignore, for the remedy: each path, or where these are many, the folders of modules."""
        paths = sorted(self.shown(path) for path, _ in self.refused)
        if len(paths) <= 3:
            return paths
        return sorted({path.split("/")[0] for path in paths})
