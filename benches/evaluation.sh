#!/usr/bin/env bash
# The cost of an environment of the 91 wheels of jupyterlab for `nix-instantiate`, compared with an empty one and one of plain
# `buildPythonPackage` calls with the same wheels.
#
#     MACH_NIX_TEST_NIXPKGS=PATH benches/evaluation.sh MACH_NIX [ROUNDS]
#
# The nixpkgs is that of tests/nix/run.sh. Thunks, calls and memory are Nix's own counts and the same in every run; the
# time is the median of the processor time.
set -euo pipefail

mach_nix=${1:?usage: evaluation.sh MACH_NIX [ROUNDS]}
rounds=${2:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nixpkgs=$(realpath "${MACH_NIX_TEST_NIXPKGS:?is the path of a nixpkgs tree}")
host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$root/tests/nixpkgs-host}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo jupyterlab >"$work/requirements.txt"
"$mach_nix" lock --quiet -r "$work/requirements.txt" --pypi-data "$root/nixlib/snapshot/common.snapshot" --offline \
  --python 3.11 --system x86_64-linux --providers wheel -o "$work/mach-nix.lock"
expression="import $root/benches/evaluation.nix {
  pkgs = import $host/host-nixpkgs.nix { nixpkgs = $nixpkgs; packageIndex = \"https://example.org\"; };
  lock = $work/mach-nix.lock;
  requirements = $work/requirements.txt;
}"

printf '%-9s %10s %10s %10s %8s\n' "" thunks calls kB seconds
for name in empty plain outside mach-nix; do
  for round in $(seq "$rounds"); do
    NIX_SHOW_STATS=1 NIX_SHOW_STATS_PATH=$work/$name.$round nix-instantiate -E "($expression).$name" >/dev/null 2>"$work/log" ||
      { cat "$work/log" >&2 && exit 1; }
  done
  jq -rs --arg name "$name" '
    (map(.cpuTime) | sort | .[length / 2 | floor]) as $time | .[0] |
    [$name, .nrThunks, .nrFunctionCalls, (.gc.totalBytes / 1000 | floor), ($time * 1000 | round / 1000)] | @tsv
  ' "$work/$name".* | while read -r row; do
    # shellcheck disable=SC2086 # the columns
    printf '%-9s %10s %10s %10s %8s\n' $row
  done
done
