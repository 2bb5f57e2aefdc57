"""The `pip` of a `.venv` that mach-nix made: it reads, and refuses to write."""

import runpy
import sys

MESSAGE = """error: externally-managed-environment

This environment was made by `mach-nix sync` from mach-nix.lock, and is read-only. To change it, run
`mach-nix add PACKAGE` or `mach-nix remove PACKAGE` in the project, then `mach-nix sync`.
"""
READING = {"check", "debug", "freeze", "help", "inspect", "list", "show", "--version", "-V", "--help", "-h"}


def real_pip():
    """Whether the environment has a pip of its own, which then is the one that is imported."""
    sys.path[:] = [folder for folder in sys.path if not folder.endswith("/share/mach-nix/pip-guard")]
    for name in [name for name in sys.modules if name == "pip" or name.startswith("pip.")]:
        del sys.modules[name]
    try:
        import pip  # noqa: F401
    except ImportError:
        return False
    return True


def main():
    words = sys.argv[1:]
    command = next((word for word in words if not word.startswith("-") or word in READING), "")
    if command in READING and real_pip():
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
        return
    sys.stderr.write(MESSAGE)
    sys.exit(1)
