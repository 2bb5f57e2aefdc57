#!/usr/bin/env bash
# The cost of an environment of the 91 wheels of jupyterlab for `nix-instantiate`, beyond an empty one, compared with plain
# `buildPythonPackage` calls with the same wheels, with bare derivations, and with uv2nix.
#
#     MACH_NIX_TEST_NIXPKGS=PATH benches/evaluation.sh MACH_NIX [ROUNDS]
#
# The nixpkgs is that of tests/nix/run.sh. Thunks, calls and memory are Nix's own counts and the same in every run; the time is the
# least processor time of the rounds, which alternate.
#
# uv2nix takes part where MACH_NIX_BENCH_UV is the program uv, which makes its lock over the live index, with the same versions.
# MACH_NIX_BENCH_PEERS is a folder with the clones `uv2nix` and `pyproject.nix`; without it they are cloned, at the revisions below.
set -euo pipefail

mach_nix=${1:?usage: evaluation.sh MACH_NIX [ROUNDS]}
rounds=${2:-7}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
nixpkgs=$(realpath "${MACH_NIX_TEST_NIXPKGS:?is the path of a nixpkgs tree}")
host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$root/tests/nixpkgs-host}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

declare -A revisions=(
  [uv2nix]=49dac8d
  [pyproject.nix]=7af23cf
)

clone() { # clone FOLDER
  local name
  for name in "${!revisions[@]}"; do
    git clone --quiet "https://github.com/pyproject-nix/$name" "$1/$name"
    git -C "$1/$name" checkout --quiet "${revisions[$name]}"
  done
}

# The project of the same packages for uv.
uvProject() { # uvProject FOLDER
  mkdir -p "$1"
  {
    printf '[project]\nname = "bench"\nversion = "0"\nrequires-python = "==3.11.*"\ndependencies = ["jupyterlab"]\n'
    printf '[tool.uv]\npackage = false\n'
    printf "environments = [\"sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython'\"]\n"
    echo 'constraint-dependencies = ['
    jq -r '.packages[] | "  \"\(.name)==\(.version)\","' "$work/mach-nix.lock"
    echo ']'
  } >"$1/pyproject.toml"
  (cd "$1" && env -u PIP_FIND_LINKS "$MACH_NIX_BENCH_UV" --quiet lock)
}

echo jupyterlab >"$work/requirements.txt"
"$mach_nix" lock --quiet -r "$work/requirements.txt" --pypi-data "$root/nixlib/snapshot/common.snapshot" --offline \
  --python 3.11 --system x86_64-linux --providers wheel -o "$work/mach-nix.lock"
tree="import $host/host-nixpkgs.nix { nixpkgs = $nixpkgs; packageIndex = \"https://example.org\""
ours="(import $root/benches/evaluation.nix {
  pkgs = $tree; };
  lock = $work/mach-nix.lock;
  requirements = $work/requirements.txt;
})"

names=(empty plain outside bare mach-nix)
declare -A expressions
for name in "${names[@]}"; do expressions[$name]=$ours.$name; done
if [ -n "${MACH_NIX_BENCH_UV:-}" ]; then
  peers=${MACH_NIX_BENCH_PEERS:-$work/peers}
  [ -d "$peers/uv2nix" ] || clone "$peers"
  uvProject "$work/project"
  for empty in true false; do
    name=uv2nix
    [ $empty = false ] || name=uv2nix-empty
    names+=("$name")
    expressions[$name]="import $root/benches/uv2nix.nix {
      nixpkgs = overlays: $tree; inherit overlays; };
      peers = $(realpath "$peers");
      project = $work/project;
      empty = $empty;
    }"
  done
fi

for round in $(seq "$rounds"); do
  for name in "${names[@]}"; do
    NIX_SHOW_STATS=1 NIX_SHOW_STATS_PATH=$work/stats.$name.$round nix-instantiate -E "${expressions[$name]}" >/dev/null 2>"$work/log" ||
      { cat "$work/log" >&2 && exit 1; }
  done
done

# Each beyond the empty environment of its kind, and as a ratio to uv2nix where that took part.
printf '%-13s %10s %10s %10s %9s %s\n' "" thunks calls kB seconds "of uv2nix: thunks, calls, kB, seconds"
for name in "${names[@]}"; do
  jq -rs '.[0] as $one | [$one.nrThunks, $one.nrFunctionCalls, ($one.gc.totalBytes / 1000 | floor), (map(.cpuTime) | min)] | @tsv' \
    "$work/stats.$name".* >"$work/$name.row"
done
marginal() { # marginal NAME
  local empty=empty
  [ "$1" != uv2nix ] || empty=uv2nix-empty
  paste "$work/$1.row" "$work/$empty.row" | awk -v OFS='\t' '{ print $1 - $5, $2 - $6, $3 - $7, $4 - $8 }'
}
for name in "${names[@]}"; do
  case $name in
    empty | uv2nix-empty) cat "$work/$name.row" ;;
    *)
      if [ -e "$work/uv2nix.row" ]; then
        paste <(marginal "$name") <(marginal uv2nix) |
          awk -v OFS='\t' '{ printf "%d\t%d\t%d\t%.3f\t%.2f\t%.2f\t%.2f\t%.2f\n", $1, $2, $3, $4, $1 / $5, $2 / $6, $3 / $7, $4 / $8 }'
      else
        marginal "$name"
      fi
      ;;
  esac | while read -r row; do
    # shellcheck disable=SC2086 # the columns
    printf '%-13s %10s %10s %10s %9s %6s %6s %6s %6s\n' "$name" $row
  done
done
