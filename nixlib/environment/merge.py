"""Links the packages of an environment into one folder, as pip installs them into one.

Usage: merge.py OUT SITE-PACKAGES INTERPRETER PROGRAMS IGNORED

The packages are those that nixpkgs' buildEnv has chosen. SITE-PACKAGES is relative to OUT, and IGNORED is JSON: a boolean
or a list of patterns. PROGRAMS is written: a JSON object with the folders of all `packages`, and with `programs`,
from the name of each to the folders that have it, of which the last one counts.
"""

import json
import os
import re
import sys

from collisions import Policy


class Package:
    """One store path."""

    def __init__(self, folder, is_handed=False):
        self.folder = folder
        # Whether another package hands it to whoever installs that one.
        self.is_handed = is_handed
        name = re.sub(r"^python\d[\d.]*-", "", os.path.basename(folder).split("-", 1)[-1])
        # As in requirements: `flask 2.1.2`.
        self.label = re.sub(r"-(\d)", r" \1", name, count=1)

    def path(self, inner):
        return os.path.join(self.folder, inner)

    def lines(self, inner):
        try:
            with open(self.path(inner), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except OSError:
            return []

    def words(self, inner):
        return " ".join(self.lines(inner)).split()


def chosen():
    """The store paths that buildEnv has chosen, each once."""
    if "NIX_ATTRS_JSON_FILE" in os.environ:
        with open(os.environ["NIX_ATTRS_JSON_FILE"]) as file:
            groups = json.load(file)["chosenOutputs"]
    elif "pkgsPath" in os.environ:
        with open(os.environ["pkgsPath"]) as file:
            groups = json.load(file)
    else:
        groups = json.loads(os.environ["pkgs"])
    paths = dict.fromkeys(path for group in groups for path in group["paths"])
    return [path for path in paths if os.path.isdir(path)]


def in_order(folders, interpreter):
    """The packages in the order in which pip installs them, after the interpreter.

    First comes what depends on nothing, then what depends on these only, and so on; of packages of one rank, the
    alphabetically last comes first.
    """
    packages = {folder: Package(folder) for folder in folders if folder != interpreter}
    waiting = {
        folder: {path for path in package.words("nix-support/propagated-build-inputs") if path in packages}
        for folder, package in packages.items()
    }
    ordered = [Package(interpreter)]
    done = set()
    while waiting:
        ready = [folder for folder, needed in waiting.items() if needed <= done]
        # Derivations have no cycles; without progress there is an order all the same.
        rank = sorted(ready or waiting, key=lambda folder: packages[folder].label, reverse=True)
        ordered += [packages[folder] for folder in rank]
        done.update(rank)
        for folder in rank:
            del waiting[folder]
    return ordered


def is_skipped(path):
    """What belongs to a package and not to an environment, as in nixpkgs' buildEnv; and the programs behind wrappers."""
    return (
        path == "nix-support"
        or re.match(r"bin/\..*-wrapped_*$", path) is not None
        or path == "share/info/dir"
        or re.match(r"share/mime/(?!packages(/|$))", path) is not None
        or os.path.basename(path) == "perllocal.pod"
    )


class Merge:
    """The links of an environment."""

    def __init__(self, site, policy):
        self.policy = policy
        # Folders that are never links, since more is put into them.
        self.real = {"bin"} | {"/".join(site.split("/")[:end]) for end in range(1, site.count("/") + 2)}
        self.folders = set(self.real)
        self.links = {}
        self.programs = {}

    def folder(self, path, packages, sources):
        """Merges one folder. `sources` are the packages that have the files beside it, by name."""
        having = {}
        for package in packages:
            for name in os.listdir(package.path(path)):
                inner = os.path.join(path, name)
                if not is_skipped(inner):
                    having.setdefault(name, []).append(package)
        if path == "bin":
            self.programs = {name: [package.folder for package in owners] for name, owners in having.items()}
        deeper = []
        winners = {}
        for name, owners in sorted(having.items()):
            inner = os.path.join(path, name)
            folders = [package for package in owners if os.path.isdir(package.path(inner))]
            is_bytecode = os.path.basename(path) == "__pycache__"
            if folders == owners and (len(owners) > 1 or inner in self.real or name == "__pycache__"):
                deeper.append((inner, owners))
            elif is_bytecode:
                self.bytecode(inner, owners, sources.get(name.split(".")[0] + ".py"))
            else:
                winners[name] = owners[0] if len(owners) == 1 else self.policy.winner(inner, owners)
                self.links[inner] = winners[name].path(inner)
        for inner, owners in deeper:
            self.folders.add(inner)
            self.folder(inner, owners, winners)

    def bytecode(self, path, owners, source):
        """Bytecode goes with its module."""
        if source is None:
            source = owners[-1]
        if source in owners:
            self.links[path] = source.path(path)

    def write(self, out):
        for path in sorted(self.folders):
            os.makedirs(os.path.join(out, path), exist_ok=True)
        for path, target in self.links.items():
            os.symlink(target, os.path.join(out, path))


def main(out, site, interpreter, programs, ignored):
    packages = in_order(chosen(), interpreter)
    handed = {path for package in packages for path in package.words("nix-support/propagated-user-env-packages")}
    handed -= {package.folder for package in packages}
    policy = Policy(site, json.loads(ignored))
    merge = Merge(site, policy)
    merge.folder("", [Package(path, is_handed=True) for path in sorted(handed)] + packages, {})
    report = policy.report()
    if report:
        sys.exit("mach-nix: " + report)
    if policy.notes():
        print("mach-nix: programs of the same name:\n" + policy.notes(), end="", file=sys.stderr)
    merge.write(out)
    with open(programs, "w") as file:
        json.dump({"packages": [package.folder for package in packages], "programs": merge.programs}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
