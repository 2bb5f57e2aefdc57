"""Writes a virtual environment of links: OUT ENVIRONMENT INTERPRETER SITE_PACKAGES VERSION PIP."""

import pathlib
import sys

out, environment, interpreter, site, version, pip = sys.argv[1:]
out, environment = pathlib.Path(out), pathlib.Path(environment)
minor = ".".join(version.split(".")[:2])
MESSAGE = (
    "This environment was made by `mach-nix sync`, and is read-only. Run `mach-nix add PACKAGE` in the project, then "
    "`mach-nix sync`."
)
ACTIVATE = """\
# For `. .venv/bin/activate`; `deactivate` undoes it.
deactivate () {
    if [ -n "${_OLD_VIRTUAL_PATH+x}" ]; then PATH="$_OLD_VIRTUAL_PATH"; export PATH; unset _OLD_VIRTUAL_PATH; fi
    if [ -n "${_OLD_VIRTUAL_PS1+x}" ]; then PS1="$_OLD_VIRTUAL_PS1"; export PS1; unset _OLD_VIRTUAL_PS1; fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    hash -r 2>/dev/null
    [ "$1" = nondestructive ] || unset -f deactivate
}
deactivate nondestructive
if [ -n "${BASH_SOURCE-}" ]; then _mach_nix_file="${BASH_SOURCE[0]}"; elif [ -n "${ZSH_VERSION-}" ]; then _mach_nix_file="$0"; else _mach_nix_file=./.venv/bin/activate; fi
VIRTUAL_ENV="$(cd "$(dirname "$_mach_nix_file")/.." && pwd)"
unset _mach_nix_file
VIRTUAL_ENV_PROMPT="$(basename "$(dirname "$VIRTUAL_ENV")")"
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT
_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH
if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then _OLD_VIRTUAL_PS1="${PS1-}"; PS1="($VIRTUAL_ENV_PROMPT) ${PS1-}"; export PS1; fi
hash -r 2>/dev/null
"""
ACTIVATE_FISH = """\
# For `source .venv/bin/activate.fish`; `deactivate` undoes it.
function deactivate
    set -q _OLD_VIRTUAL_PATH; and set -gx PATH $_OLD_VIRTUAL_PATH
    set -e _OLD_VIRTUAL_PATH; set -e VIRTUAL_ENV
    functions -e deactivate
end
set -gx VIRTUAL_ENV (cd (dirname (status filename))/..; and pwd)
set -gx _OLD_VIRTUAL_PATH $PATH
set -gx PATH $VIRTUAL_ENV/bin $PATH
"""


def write(path, text, mode=0o444):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def link(path, to):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


home = environment / "bin"
write(
    out / "pyvenv.cfg",
    f"home = {home}\nimplementation = CPython\nversion_info = {version}\ninclude-system-site-packages = false\n"
    f"prompt = mach-nix\n",
)
pythons = {"python", "python3", f"python{minor}"}
for name in pythons:
    link(out / "bin" / name, interpreter)
guarded = {"pip", "pip3", f"pip{minor}"}
for program in sorted(home.iterdir()):
    if program.name not in pythons | guarded:
        link(out / "bin" / program.name, program)
guard = out / "share/mach-nix/pip-guard"
for name in guarded:
    write(
        out / "bin" / name,
        f"#!{out}/bin/python\nimport sys\nsys.path.insert(0, {str(guard)!r})\nfrom pip import main\nmain()\n",
        0o555,
    )
write(guard / "pip/__init__.py", pathlib.Path(pip).read_text(encoding="utf-8"))
write(guard / "pip/__main__.py", "from pip import main\n\nmain()\n")
packages = environment / site
if packages.is_dir():
    for entry in sorted(packages.iterdir()):
        link(out / site / entry.name, entry)
# A virtual environment that is made from this one, with `--system-site-packages`, sees the packages, too.
# Its pip is its own.
base = out / "bin" / f"python{minor}"
write(
    out / site / "_mach_nix.pth",
    f"import os, sys; g = {str(guard)!r}; sys._base_executable = {str(base)!r}; "
    f"os.path.realpath(sys.prefix) != {str(out)!r} or g in sys.path or sys.path.insert(0, g)\n",
)
standard = environment / "lib" / f"python{minor}"
for entry in sorted(standard.iterdir()):
    if entry.name not in {"site-packages", "EXTERNALLY-MANAGED"}:
        link(out / "lib" / f"python{minor}" / entry.name, entry)
write(out / f"lib/python{minor}/EXTERNALLY-MANAGED", f"[externally-managed]\nError = {MESSAGE}\n")
write(out / "bin/activate", ACTIVATE)
write(out / "bin/activate.fish", ACTIVATE_FISH)
