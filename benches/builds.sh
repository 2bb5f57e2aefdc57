#!/usr/bin/env bash
# The time to build the wheels of jupyterlab (80 without binaries, 11 with), compared with nixpkgs' own hooks.
#
#     benches/builds.sh MACH_NIX [ROUNDS]
#
# The package set is hostpkgs, or the nixpkgs tree of MACH_NIX_TEST_NIXPKGS (see tests/nix/run.sh). Everything is built once, which
# downloads the wheels and is not counted; then both ways build them again, in alternation, one package at a time. The time is
# the least of the rounds.
set -euo pipefail

mach_nix=${1:?usage: builds.sh MACH_NIX [ROUNDS]}
rounds=${2:-3}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pkgs="import $root/hostpkgs { }"
if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$root/tests/nixpkgs-host}")
  pkgs="import $host/host-nixpkgs.nix { nixpkgs = $(realpath "$MACH_NIX_TEST_NIXPKGS"); packageIndex = \"${PACKAGE_INDEX:-https://pypi.org/simple}\"; }"
fi
echo jupyterlab >"$work/requirements.txt"
"$mach_nix" lock --quiet -r "$work/requirements.txt" --pypi-data "$root/nixlib/snapshot/common.snapshot" --offline \
  --python 3.11 --system x86_64-linux --providers wheel -o "$work/mach-nix.lock"

# again NAME: builds what is built already; a second result that differs (status 104) is a result.
again() {
  xargs nix-store --realise --check --keep-going --max-jobs 1 <"$work/$1" >"$work/log" 2>&1 || [ $? = 123 ] || { tail "$work/log" >&2 && exit 1; }
}

for name in pure pure-stock binary binary-stock; do
  nix-instantiate -E "(import $root/benches/builds.nix { pkgs = $pkgs; lock = $work/mach-nix.lock; requirements = $work/requirements.txt; }).$name" \
    >"$work/$name" 2>"$work/log" || { cat "$work/log" >&2 && exit 1; }
  xargs nix-store --realise <"$work/$name" >"$work/log" 2>&1 || { tail "$work/log" >&2 && exit 1; }
done
for round in $(seq "$rounds"); do
  for name in pure pure-stock binary binary-stock; do
    begin=$EPOCHREALTIME
    again "$name"
    echo "$begin $EPOCHREALTIME" | awk '{ print $2 - $1 }' >"$work/$name.$round"
  done
done
printf '%-8s %9s %10s %10s %6s\n' "" packages mach-nix hooks ratio
for name in pure binary; do
  ours=$(sort -g "$work/$name".[0-9]* | head -n 1)
  stock=$(sort -g "$work/$name-stock".[0-9]* | head -n 1)
  printf '%-8s %9s %8.1f s %8.1f s %6.2f\n' "$name" "$(wc -l <"$work/$name")" "$ours" "$stock" "$(awk "BEGIN { print $ours / $stock }")"
done
