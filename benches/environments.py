"""Growth of environments with the number of packages: evaluation and build, as a table and as a plot.

    benches/environments.py PACKAGE_SET SVG [--evaluation] [SIZE…]

PACKAGE_SET is a Nix expression of the nixpkgs to use, such as `import ./hostpkgs { }`. The packages are made up: small wheels, half of
them with a program, each depending on up to five others. Evaluation is the processor time of `nix-instantiate` and Nix's own count of
thunks, both beyond those of an environment of one package; the builds are those of the environment alone, with its packages there; they are left out with --evaluation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

SIZES = [1, 25, 50, 91, 150, 250, 350, 500]
ROUNDS = 3
# The status of Nix for a second build with another result, as a compiler of wrappers may have it.
DIFFERS = 104


def wheel(folder: Path, index: int) -> dict:
    """Writes a wheel; gives its entry of the lock."""
    name = f"grown{index}"
    info = f"{name}-1.0.dist-info"
    files = {f"{name}/part{part}.py": f"value = {part}\n" for part in range(8)} | {
        f"{name}/__init__.py": "def main():\n    print(__name__)\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if index % 2:
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{name} = {name}:main\n"
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
    # Near ones and far ones, as trees of real packages have them.
    needed = sorted({index - 1, index - 2, index // 2, index // 3, index // 7} & set(range(index)))
    return {
        "name": name,
        "version": "1.0",
        "provider": "wheel",
        "file": path.name,
        "path": path.name,
        "hash": f"sha256-{digest}",
        "dependencies": [f"grown{other}" for other in needed],
    }


def lock(folder: Path, size: int, entries: list[dict]) -> Path:
    """Writes the lock of the first packages."""
    content = {
        "version": 1,
        "request": {"requirements": [], "digest": "", "providers": {"_default": "wheel"}},
        "targets": [{"python": "3.11", "system": "x86_64-linux"}],
        "packages": entries[:size],
    }
    path = folder / f"{size}.lock"
    path.write_text(json.dumps(content))
    return path


def evaluate(expression: str, folder: Path) -> tuple[str, int, float]:
    """The derivation, thunks and the least seconds of processor time."""
    stats = folder / "stats"
    variables = {**os.environ, "NIX_SHOW_STATS": "1", "NIX_SHOW_STATS_PATH": str(stats)}
    seconds, thunks, derivation = [], 0, ""
    for _ in range(ROUNDS):
        derivation = subprocess.check_output(["nix-instantiate", "-E", expression], env=variables, text=True, stderr=subprocess.DEVNULL).strip()
        found = json.loads(stats.read_text())
        thunks = found["nrThunks"]
        seconds.append(found["cpuTime"])
    return derivation, thunks, min(seconds)


def build(derivation: str) -> float:
    """The least seconds that the environment takes to build; its packages are built first, which is not counted."""
    subprocess.run(["nix-store", "--realise", derivation], check=True, capture_output=True)
    seconds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        done = subprocess.run(["nix-store", "--realise", "--check", derivation], capture_output=True, text=True)
        seconds.append(time.perf_counter() - begin)
        if done.returncode not in (0, DIFFERS):
            sys.exit(done.stderr)
    return min(seconds)


def exponent(sizes: list[int], values: list[float]) -> float:
    """The exponent of the growth between the middle and the end."""
    middle = (len(sizes) - 1) // 2
    if sizes[middle] == sizes[-1] or min(values[middle], values[-1]) <= 0:
        return math.nan
    return math.log(values[-1] / values[middle]) / math.log(sizes[-1] / sizes[middle])


def panel(left: int, title: str, unit: str, sizes: list[int], values: list[float]) -> list[str]:
    """One plot of values over sizes."""
    width, height, top = 300, 200, 40
    most = max(values) * 1.1 or 1
    points = [(left + width * size / sizes[-1], top + height * (1 - value / most)) for size, value in zip(sizes, values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [
        f'<text x="{left}" y="{top - 14}" font-weight="bold">{title}</text>',
        f'<path d="M{left},{top} V{top + height} H{left + width}" fill="none" stroke="#888"/>',
        f'<polyline points="{line}" fill="none" stroke="#2563eb" stroke-width="2"/>',
    ]
    for size, value, (x, y) in zip(sizes, values, points):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#2563eb"/>')
        parts.append(f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="end">{value:.3g} {unit}</text>')
        if size in (sizes[0], 91, 250, sizes[-1]):
            parts.append(f'<text x="{x:.1f}" y="{top + height + 16}" text-anchor="middle">{size}</text>')
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 34}" text-anchor="middle">packages</text>')
    return parts


def main(package_set: str, svg: str, *options: str) -> None:
    builds = "--evaluation" not in options
    numbers = [int(option) for option in options if option != "--evaluation"] or SIZES
    root = Path(__file__).resolve().parents[1]
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        entries = [wheel(folder, index) for index in range(max(numbers))]
        print(f"{'packages':>8}{'thunks':>10}{'evaluation':>13}{'environment':>14}")
        for size in numbers:
            # What `nix-shell` enters is made of the environment, which is its first input.
            expression = f"""builtins.head ((import {root} {{ pkgs = {package_set}; python = "python311"; }}).mkPython {{
                lock = {lock(folder, size, entries)};
            }}).nativeBuildInputs"""
            derivation, thunks, seconds = evaluate(expression, folder)
            rows.append((size, thunks, seconds, build(derivation) if builds else 0.0))
            print(f"{size:>8}{thunks:>10}{seconds * 1000:>10.0f} ms{rows[-1][3]:>12.2f} s", flush=True)
    first = rows[0]
    counts = [row[0] for row in rows[1:]]
    series = [
        ("evaluation, thunks", "k", [(row[1] - first[1]) / 1000 for row in rows[1:]]),
        ("evaluation, processor time", "ms", [(row[2] - first[2]) * 1000 for row in rows[1:]]),
    ]
    if builds:
        series.append(("build of the environment", "s", [row[3] - first[3] for row in rows[1:]]))
    box = f'viewBox="0 0 {40 + 360 * len(series)} 300"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="11">']
    for index, (title, unit, values) in enumerate(series):
        print(f"{title}: exponent of the growth {exponent(counts, values):.2f}")
        parts += panel(50 + 360 * index, title, unit, counts, values)
    Path(svg).write_text("\n".join([*parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
