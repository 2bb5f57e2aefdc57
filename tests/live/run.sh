#!/usr/bin/env bash
# A large environment over the live index: airflow with 161 packages, some of which exist as sources only. The versions are
# those of uv (airflow/uv.txt has its command), and the program begins to work.
#
#     tests/live/run.sh MACH_NIX
#
# This needs the network, and its outcome may change with the index. So it is not part of `./dev test`; run it with
# `./dev live`. It takes some minutes. Then the lock is made again from the cache alone, and the time for that is printed.
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree (see tests/nix/run.sh), else hostpkgs.
set -euo pipefail
mach_nix=$(realpath "${1:?usage: run.sh MACH_NIX}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset MACH_NIX_INDEX_URL
export MACH_NIX_CACHE_DIR=$work/cache

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$top/tests/nixpkgs-host}")
  tree=$(realpath "$MACH_NIX_TEST_NIXPKGS")
  echo "args: import $host/host-nixpkgs.nix (args // { nixpkgs = $tree; packageIndex = \"${PACKAGE_INDEX:-}\"; })" >pkgs.nix
else
  echo "args: import $top/hostpkgs args" >pkgs.nix
fi
cp "$here/airflow/requirements.txt" .

lock() {
  "$mach_nix" --quiet lock -r requirements.txt --providers 'wheel|sdist' --nixpkgs pkgs.nix \
    --python 3.11 --system x86_64-linux --exclude-newer 2026-11-20 "$@"
}

lock
"$mach_nix" export --format requirements >found
grep -v '^#' "$here/airflow/uv.txt" | diff - found
[ "$(jq -r '.packages[] | select(.provider == "sdist") | .name' mach-nix.lock | paste -sd ' ')" = 'python-nvd3 unicodecsv' ]

# The second run has all answers, also those of build backends.
cp mach-nix.lock first.lock
time lock --offline --upgrade
cmp first.lock mach-nix.lock

nix-build -E "(import $top { pkgs = import ./pkgs.nix { }; }).mkPython
  { requirements = builtins.readFile ./requirements.txt; lock = ./mach-nix.lock; }" >log 2>&1 || { tail -n 40 log >&2 && exit 1; }
export AIRFLOW_HOME=$work/home
[ "$(./result/bin/airflow version)" = 2.9.3 ]
./result/bin/airflow db migrate >log 2>&1 || { tail -n 20 log >&2 && exit 1; }
./result/bin/python -c 'import celery, psycopg2, redis'
echo "live: airflow has the versions of uv and runs"
