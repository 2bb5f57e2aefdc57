"""Links the conda packages of a lock into $out, the one folder that all of them are in, as conda does.

Usage: link.py

The file $requestPath says in JSON which packages, and with which interpreter and policy. What has no placeholder is a link to the
package that unpack.py has unpacked; programs, and files with a placeholder, are copies. Scripts of packages are never run: the log names
those that conda would run. docs/decisions/0062 has the reasons.
"""

from __future__ import annotations

import json
import os
import posixpath
import shutil
import sys
from typing import Any

import activation
import binaries
import relocate
from collisions import Policy
from package import CondaPackage, Entry, Refused

# As rattler writes it.
ENTRY_POINT = """#!%(prefix)s/bin/%(python)s
# -*- coding: utf-8 -*-
import re
import sys

from %(module)s import %(name)s

if __name__ == '__main__':
\tsys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
\tsys.exit(%(function)s())
"""


def say(text: str) -> None:
    """A line of the log."""
    print("mach-nix: " + text, file=sys.stderr, flush=True)


def in_order(packages: list[CondaPackage]) -> list[CondaPackage]:
    """What a package depends on comes before it, and of others, the alphabetically last does: the order of environments."""
    by_name = {package.locked["name"]: package for package in packages}
    ordered: dict[str, CondaPackage] = {}
    for start in sorted(by_name, reverse=True):
        # A package, and what it depends on that is still to come.
        stack = [(start, iter(sorted(by_name[start].locked["dependencies"], reverse=True)))]
        seen = {start}
        while stack:
            name, rest = stack[-1]
            following = next((one for one in rest if one in by_name and one not in ordered and one not in seen), None)
            if following is None:
                ordered[name] = by_name[name]
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(sorted(by_name[following].locked["dependencies"], reverse=True))))
    return list(ordered.values())


class Environment:
    """The folder of all packages."""

    def __init__(self, out: str, request: dict[str, Any]) -> None:
        self.out = out
        # Where it will be; another path in tests only.
        self.prefix: str = request.get("prefix", out)
        self.site: str = request["sitePackages"]
        self.python: str = request["python"]
        self.platform: str = request["platform"]
        self.policy = Policy(self.site, request["ignored"])
        self.packages = in_order([loaded(locked, self.site) for locked in request["packages"]])
        self.owners: dict[str, list[CondaPackage]] = {}
        for package in self.packages:
            for target in [*package.entries, *self.programs(package)]:
                self.owners.setdefault(target, []).append(package)
        self.winners = {target: owners[0] if len(owners) == 1 else self.winner(target, owners) for target, owners in self.owners.items()}
        self.changed: set[str] = set()

    def programs(self, package: CondaPackage) -> dict[str, str]:
        """The scripts of the entry points of a package for every version of Python, by where they go."""
        found = {}
        for line in package.entry_points if package.is_noarch_python else []:
            command, _, reference = line.partition("=")
            module, _, function = reference.partition(":")
            command, module, function = command.strip(), module.strip(), function.strip()
            if not command or "/" in command or command.startswith(".") or not module or not function:
                raise SystemExit(refusal(package, f"its entry point `{line}` is not of the form `NAME = MODULE:FUNCTION`"))
            fields = {"prefix": self.prefix, "python": self.python, "module": module, "function": function}
            found["bin/" + command] = ENTRY_POINT % {**fields, "name": function.split(".")[0]}
        return found

    def winner(self, target: str, owners: list[CondaPackage]) -> CondaPackage:
        """The package that has a file of several, by the policy of environments."""
        if all(target in owner.entries for owner in owners):
            return self.policy.winner(target, owners)
        self.policy.replaced.append((target, owners))
        return owners[-1]

    def place(self, target: str) -> str:
        """Where a file goes that another package has a link to a folder for."""
        package = self.winners[target]
        for _ in range(40):
            folder = posixpath.dirname(target)
            while folder and folder not in self.winners:
                folder = posixpath.dirname(folder)
            entry = self.winners[folder].entries.get(folder) if folder else None
            if entry is None or entry.kind == "directory":
                return target
            owner = self.winners[folder]
            if entry.kind != "softlink":
                raise SystemExit(refusal(package, f"its `{target}` is in the folder `{folder}`, which is a file in {owner.label}"))
            link = os.readlink(os.path.join(owner.folder, entry.source))
            target = posixpath.normpath(posixpath.join(posixpath.dirname(folder), link, target[len(folder) + 1 :]))
            if target.startswith(("../", "/")):
                break
        raise SystemExit(refusal(package, f"by way of links, its `{target}` is outside of the environment"))

    def write(self) -> None:
        """Writes all files."""
        for target, package in sorted(self.winners.items()):
            path = os.path.join(self.out, self.place(target))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            entry = package.entries.get(target)
            # Of an entry point and a file of one package, conda writes the entry point.
            program = self.programs(package).get(target) if target.startswith("bin/") else None
            if program is not None:
                self.write_file(path, program.encode(), True)
            elif entry is not None and not os.path.lexists(path):
                self.write_entry(path, entry, package)

    def write_entry(self, path: str, entry: Entry, package: CondaPackage) -> None:
        source = os.path.join(package.folder, entry.source)
        if entry.kind == "directory":
            os.makedirs(path, exist_ok=True)
        elif entry.kind == "softlink":
            os.symlink(os.readlink(source), path)
        elif entry.mode is not None:
            with open(source, "rb") as file:
                data = file.read()
            self.write_file(path, self.relocated(data, entry, package), os.access(source, os.X_OK))
            self.changed.add(entry.target)
        elif entry.target.startswith("bin/"):
            shutil.copyfile(source, path)
            os.chmod(path, 0o755 if os.access(source, os.X_OK) else 0o644)
        else:
            os.symlink(source, path)

    def relocated(self, data: bytes, entry: Entry, package: CondaPackage) -> bytes:
        assert entry.mode is not None
        try:
            return relocate.replaced(data, entry.mode, entry.placeholder, self.prefix, self.platform)
        except relocate.TooShort:
            raise SystemExit(
                refusal(
                    package,
                    f"its binary file `{entry.source}` has room for a path of {len(entry.placeholder)} characters, and the environment's "
                    f"has {len(self.prefix)} (`{self.prefix}`); builds with longer placeholders are newer than 2016",
                )
            ) from None

    def write_file(self, path: str, data: bytes, is_executable: bool) -> None:
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, 0o755 if is_executable else 0o644)

    def add_interpreter(self, interpreter: str) -> None:
        """The interpreter that scripts name, which sees the modules of all packages, as in a virtual environment."""
        folder = os.path.join(self.out, "bin")
        os.makedirs(folder, exist_ok=True)
        for name in dict.fromkeys(("python", "python3", self.python)):
            if not os.path.lexists(os.path.join(folder, name)):
                os.symlink(interpreter, os.path.join(folder, name))
        self.write_file(
            os.path.join(self.out, "pyvenv.cfg"),
            f"home = {os.path.dirname(interpreter)}\ninclude-system-site-packages = false\n".encode(),
            False,
        )

    def write_metadata(self) -> None:
        """The records that conda keeps of what is installed."""
        folder = os.path.join(self.out, "conda-meta")
        os.makedirs(folder, exist_ok=True)
        for package in self.packages:
            locked = package.locked
            files = sorted(target for target in {**package.entries, **self.programs(package)} if self.winners[target] is package)
            record = {
                **package.index,
                **{field: locked[field] for field in ("channel", "url", "subdir", "build", "version")},
                "name": package.name,
                "fn": locked["file"],
                "files": files,
            }
            self.write_file(os.path.join(folder, record_name(locked)), (json.dumps(record, indent=2, sort_keys=True) + "\n").encode(), False)

    def report(self) -> dict[str, Any]:
        """What happened, for programs; the log has it for people."""
        scripts = {package.label: package.link_scripts() for package in self.packages if package.link_scripts()}
        for label, names in scripts.items():
            say(f"warning: {label} has scripts that conda runs when it installs a package; they are not run: {', '.join(names)}")
        if self.policy.notes():
            say("programs of the same name:\n" + self.policy.notes().rstrip("\n"))
        return {"linkScripts": scripts, "variables": activation.variables(self.out, self.prefix)}


def record_name(locked: dict[str, Any]) -> str:
    """The name of the record of a package, after its file."""
    name: str = locked["file"]
    for suffix in (".conda", ".tar.bz2"):
        if name.endswith(suffix):
            name = name[: -len(suffix)]
    return name + ".json"


def refusal(package: CondaPackage, problem: str) -> str:
    """A message about one package."""
    return refused(package.locked, problem)


def refused(locked: dict[str, Any], problem: str) -> str:
    return (
        f"error: can't install the conda package `{locked['file']}`: {problem}; "
        f"require another version or build of `{locked['condaName']}` and renew the lock"
    )


def loaded(locked: dict[str, Any], site: str) -> CondaPackage:
    try:
        return CondaPackage(locked, site)
    except Refused as error:
        raise SystemExit(refused(locked, str(error))) from error


def real_files(out: str) -> list[str]:
    """The files of an environment, also those that are links to a package, and not those that are links of a package."""
    found = []
    for folder, folders, files in os.walk(out):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (not os.path.islink(path) or os.readlink(path).startswith("/")):
                found.append(os.path.relpath(path, out))
    return found


def main() -> None:
    out = os.environ["out"]
    with open(os.environ["requestPath"], encoding="utf-8") as file:
        request = json.load(file)
    environment = Environment(out, request)
    report = environment.policy.report()
    if report:
        sys.exit("mach-nix: " + report)
    os.mkdir(out)
    environment.write()
    files = real_files(out)
    if environment.platform == "osx":
        patched = binaries.MacBinaries(out, environment.site, files, environment.changed).patch_all()
    else:
        patched = binaries.LinuxBinaries(out, environment.site, files, say).patch_all()
    environment.add_interpreter(request["interpreter"])
    environment.write_metadata()
    os.makedirs(os.path.join(out, "nix-support"), exist_ok=True)
    facts = json.dumps({**environment.report(), "patched": patched}, indent=2, sort_keys=True) + "\n"
    environment.write_file(os.path.join(out, "nix-support/conda.json"), facts.encode(), False)


if __name__ == "__main__":
    main()
