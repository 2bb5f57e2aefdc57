"""Agreement with uv: every set in benches/sets, on twelve targets, resolved by both as of one day.

    benches/agree.py MACH_NIX UV [--keep FOLDER] [SET…]

Both may take wheels and source distributions, of equal rank. Prints a line per set and Python with a word per system:
`same` versions (how many), `neither` has an answer, `refused` by mach-nix alone for the reason in REFUSED, or what
differs; exits with 1 when anything does. Needs the network, and a
nixpkgs (NIX_PATH) for the sources that have to be asked what they need.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

DAY = "2026-11-20"
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
# uv's names for the oldest machine that mach-nix locks for, by system.
SYSTEMS = {
    "x86_64-linux": "x86_64-manylinux_2_40",
    "aarch64-linux": "aarch64-manylinux_2_40",
    "aarch64-darwin": "aarch64-apple-darwin",
}
# apache-airflow 2.9.3 has `Requires-Python: ~=3.8, <3.13`. By the specification of core metadata that rules 3.13 out; uv reads
# the lower bound of such demands and leaves out the rest (`RequiresPython::is_contained_by` in its source).
REFUSED = {("airflow", "3.13")}


def answer(command, kept):
    """The pinned versions, or nothing where the command refused."""
    done = subprocess.run(command, capture_output=True, text=True)
    kept.write_text(done.stdout + done.stderr)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    lines = (line.split(";")[0].strip() for line in done.stdout.splitlines())
    return {line for line in lines if "==" in line} if done.returncode == 0 else None


def compare(ours, theirs, refused):
    """One word, and the lines to tell about it."""
    if refused and ours is None and theirs is not None:
        return "refused", []
    if ours is None or theirs is None:
        if ours == theirs:
            return "neither", []
        return "DIFFERS", ["only uv has an answer" if ours is None else "only mach-nix has an answer"]
    lines = [f"- {pin}" for pin in sorted(theirs - ours)] + [f"+ {pin}" for pin in sorted(ours - theirs)]
    return ("DIFFERS", lines) if lines else (f"same ({len(ours)})", [])


def main(arguments, folder):
    found = {path.stem: path for path in sorted(Path(__file__).with_name("sets").glob("*.txt"))}
    # pip's settings are not uv's to follow; and a shim of pyenv on the path would be slow.
    os.environ.pop("PIP_FIND_LINKS", None)
    os.environ["MACOSX_DEPLOYMENT_TARGET"] = "14.0"
    differs = False
    print("set          Python  " + "".join(f"{system:<16}" for system in SYSTEMS))
    for name in arguments.sets or found:
        for python in PYTHONS:
            words, details = [], []
            for system, platform in SYSTEMS.items():
                case = f"{name}-{python}-{system}"
                ours = [arguments.mach_nix, "--quiet", "lock", "-r", found[name], "--format", "requirements"]
                ours += ["--providers", "wheel|sdist", "--python", python, "--system", system, "--exclude-newer", DAY]
                theirs = [arguments.uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-config"]
                theirs += [found[name], "--python-version", python, "--python-platform", platform]
                theirs += ["--exclude-newer", DAY]
                answers = [
                    answer(command, folder / f"{case}-{who}.txt")
                    for who, command in (("mach-nix", ours), ("uv", theirs))
                ]
                word, lines = compare(*answers, (name, python) in REFUSED)
                words.append(f"{word:<16}")
                details += [f"    {system}: {line}" for line in lines]
            print("\n".join([f"{name:<13}{python:<8}{''.join(words)}", *details]), flush=True)
            differs |= bool(details)
    return int(differs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mach_nix", type=os.path.abspath)
    parser.add_argument("uv", type=os.path.abspath)
    parser.add_argument("--keep", type=Path, help="a folder to write what both said to")
    parser.add_argument("sets", nargs="*")
    arguments = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = arguments.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        sys.exit(main(arguments, kept))
