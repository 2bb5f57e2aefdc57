"""Warm resolution beside uv: wall time and memory of both, in alternation, as ratios.

    benches/compare.py MACH_NIX UV [ROUNDS]

Each set in benches/sets is resolved once by both with the network, as of a fixed day, and the answers are compared; then
both resolve it ROUNDS times offline from their own caches. The first resolution asks sources what they need, which takes a nixpkgs (NIX_PATH). Machines are
noisy, so only the ratios mean something.
"""

import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DAY = "2026-11-20"


def run(command):
    """Seconds and peak memory (KiB) of a command that has to succeed, and what it printed."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{errors}")
    return seconds, usage.ru_maxrss, output


def pins(text):
    """The lines that pin a version."""
    lines = (line.split(" ")[0] for line in text.splitlines())
    return sorted(line for line in lines if "==" in line)


def main(mach_nix, uv, rounds=10):
    # Where uv finds a Python at once (a shim of pyenv would cost it 100 ms), and where Nix is, for the first resolution.
    nix = Path(shutil.which("nix-build") or sys.exit("there is no Nix on PATH")).parent
    os.environ["PATH"] = f"/usr/bin:/bin:{nix}"
    ratios = []
    print(f"{'set':<12}{'packages':>9}{'mach-nix':>12}{'uv':>12}{'time':>7}{'memory':>9}  same versions")
    for requirements in sorted(Path(__file__).with_name("sets").glob("*.txt")):
        ours = [mach_nix, "--quiet", "lock", "-r", requirements, "--format", "requirements", "--python", "3.11"]
        ours += ["--system", "x86_64-linux", "--exclude-newer", DAY]
        theirs = [uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-config", requirements]
        theirs += ["--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_28", "--exclude-newer", DAY]
        # uv takes the newest version, be it a wheel or a source; so do we where both are of equal rank.
        ours += ["--providers", "wheel|sdist"]
        chosen = [pins(run(command)[2]) for command in (ours, theirs)]
        measured = [[], []]
        for _ in range(int(rounds)):
            for command, results in zip((ours, theirs), measured):
                results.append(run([*command, "--offline"])[:2])
        time_ours, time_theirs = (statistics.median(seconds for seconds, _ in results) for results in measured)
        memory_ours, memory_theirs = (statistics.median(memory for _, memory in results) for results in measured)
        ratios.append((time_ours / time_theirs, memory_ours / memory_theirs))
        print(
            f"{requirements.stem:<12}{len(chosen[0]):>9}{time_ours * 1000:>9.1f} ms{time_theirs * 1000:>9.1f} ms"
            f"{ratios[-1][0]:>7.2f}{ratios[-1][1]:>9.2f}  {'yes' if chosen[0] == chosen[1] else 'NO'}"
        )
    times, memories = (math.exp(statistics.fmean(map(math.log, column))) for column in zip(*ratios))
    print(f"geometric mean of the ratios: time {times:.2f}, memory {memories:.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as caches:
        os.environ["MACH_NIX_CACHE_DIR"] = f"{caches}/mach-nix"
        os.environ["UV_CACHE_DIR"] = f"{caches}/uv"
        main(*map(os.path.abspath, sys.argv[1:3]), *sys.argv[3:])
