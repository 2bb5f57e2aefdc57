"""Makes the programs of an environment what they are in a virtual environment.

Usage: programs.py OUT SITE-PACKAGES EXECUTABLE INTERPRETER PROGRAMS

nixpkgs wraps the programs of an environment, and before that those of each package: the inner wrapper puts the programs of
the package's dependencies and the interpreter without any packages before the PATH of the user. So a program that starts
`python` or another program by name got one that does not see the environment. Here

- a script of Python is a copy that the interpreter of the environment runs, as pip writes it: `sys.argv[0]` is in the
  environment, and can be run again with `sys.executable`;
- whatever is run by the interpreter of the environment has the environment's programs first in PATH, by a `.pth` file,
  except in a virtual environment that is made of it;
- for other programs a wrapper does the same. They are printed, one a line: the name, the program, and how many packages
  have it.

PROGRAMS is what merge.py has written, EXECUTABLE the name of the interpreter.
"""

import json
import os
import re
import sys

# What nixpkgs puts into scripts: the name that the wrapper hides, and the folders of modules of the package.
PREAMBLE = re.compile(
    rb"^import sys;import site;import functools;sys\.argv\[0\] = '[^'\n]*';"
    rb"functools\.reduce\(lambda k, p: site\.addsitedir\(p, k\), \[([^\]\n]*)\], site\._init_pathinfo\(\)\);?\n",
    re.MULTILINE,
)
# The lines of a wrapper that does nothing else than set PATH.
PLAIN_WRAPPER = re.compile(rb"(#!.*|PATH=.*|export PATH|export PYTHONNOUSERSITE=.*|exec .*|\s*)$")
PTH = (
    "import os, sys; sys.prefix == sys.base_prefix and os.environ.update(PATH=os.pathsep.join([%(bin)r]"
    " + [path for path in os.environ.get('PATH', os.defpath).split(os.pathsep) if path != %(bin)r]))\n"
)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def behind_wrapper(program):
    """The script behind a wrapper of nixpkgs, the program itself if it has none, or None for a wrapper that does more
    than is done here."""
    program = os.path.realpath(program)
    hidden = os.path.join(os.path.dirname(program), "." + os.path.basename(program) + "-wrapped")
    if not os.path.isfile(hidden):
        return program
    if all(PLAIN_WRAPPER.match(line) for line in read(program).splitlines()):
        return hidden
    return None


def without_preamble(script, folders):
    """A script without what nixpkgs has put into it. Folders of modules that the environment lacks are kept."""

    def kept(found):
        paths = re.findall(rb"'([^']*)'", found.group(1))
        others = [path for path in paths if not path.startswith(folders)]
        if not others:
            return b""
        listed = b", ".join(b"'%s'" % path for path in others)
        return (
            b"import site;import functools;functools.reduce(lambda k, p: site.addsitedir(p, k), [%s],"
            b" site._init_pathinfo());\n" % listed
        )

    return PREAMBLE.sub(kept, script, count=1)


def python_script(program, interpreter):
    """The text of a script of Python without its first line, and the arguments in that line; or None."""
    script = behind_wrapper(program)
    if script is None:
        return None
    first, _, rest = read(script).partition(b"\n")
    found = re.match(rb"#! ?(\S*/env (?:-S )?)?(\S*/)?(python|pypy)[\d.]*((?: .*)?)$", first.rstrip())
    if not found or not (found.group(1) or (found.group(2) or b"").startswith(os.fsencode(interpreter) + b"/")):
        return None
    return rest, found.group(4)


def main(out, site, executable, interpreter, programs):
    with open(programs) as file:
        merged = json.load(file)
    folders = tuple(os.fsencode(folder) + b"/" for folder in merged["packages"])
    for name, owners in sorted(merged["programs"].items()):
        program = os.path.join(owners[-1], "bin", name)
        path = os.path.join(out, "bin", name)
        if not os.path.isfile(program) or re.match(r"python(\d(\.\d+)?)?$", name):
            continue
        if not os.access(program, os.X_OK):
            # Scripts may import what lies beside them. nixpkgs removes these links.
            if not os.path.lexists(path):
                os.symlink(program, path)
            continue
        script = python_script(program, interpreter)
        if script is not None:
            if os.path.lexists(path):
                os.remove(path)
            with open(path, "wb") as file:
                start = os.path.join(out, "bin", executable)
                file.write(b"#!%s%s\n" % (os.fsencode(start), script[1]) + without_preamble(script[0], folders))
            os.chmod(path, 0o555)
        elif owners[-1] != interpreter:
            print(name, program, len(owners))
    with open(os.path.join(out, site, "mach-nix-path.pth"), "w") as file:
        file.write(PTH % {"bin": os.path.join(out, "bin")})


if __name__ == "__main__":
    main(*sys.argv[1:])
