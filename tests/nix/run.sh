#!/usr/bin/env bash
# Runs the tests of the Nix library.
#
#     tests/nix/run.sh [--pkgs hostpkgs|PATH] [--build]
#
# --pkgs    the package set: a folder to import; `hostpkgs` is fixtures/hostpkgs (the default)
# --build   also build and use the environments of builds.nix
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree, made buildable by the
# host-nixpkgs.nix in MACH_NIX_TEST_NIXPKGS_HOST (default: ../shared/nixpkgs-host beside the
# repository).
#
# Needs nix-instantiate and jq; prints a line per failure and the numbers at the end.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
pkgs=hostpkgs
build=

while [ $# -gt 0 ]; do
  case $1 in
    --pkgs) pkgs=${2:?--pkgs needs a folder}; shift 2 ;;
    --build) build=1; shift ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=${MACH_NIX_TEST_NIXPKGS_HOST:-$root/../shared/nixpkgs-host}
  pkgs="import $(realpath "$host")/host-nixpkgs.nix { nixpkgs = $(realpath "$MACH_NIX_TEST_NIXPKGS"); packageIndex = \"${PACKAGE_INDEX:-https://pypi.org/simple}\"; }"
elif [ "$pkgs" = hostpkgs ]; then
  pkgs="import $root/fixtures/hostpkgs { }"
else
  pkgs="import $(realpath "$pkgs") { }"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  echo "FAIL $1: $2"
}

# evaluate NAME [ATTRIBUTE…]: applies the test set's attribute to the strings that follow, as JSON
evaluate() {
  local call="(import $here { pkgs = $pkgs; }).$1" string
  shift
  for string in "$@"; do call+=" $(jq -n --arg s "$string" '$s')"; done
  nix-instantiate --eval --read-write-mode --strict --json --expr "$call" 2>"$work/err"
}

oneLine() { tr -s '[:space:]' ' ' <"$1"; }

report() { # report OUTCOME
  local label
  label=$(jq -r '"\(.file) \(.name)"' <<<"$1")
  if [ "$(jq .passed <<<"$1")" = true ]; then
    pass
  else
    fail "$label" "$(jq -r '"expected \(.expected)\n     but got  \(.got)"' <<<"$1")"
  fi
}

runValues() {
  local names file name outcomes outcome
  if evaluate outcomes >"$work/outcomes"; then
    outcomes=$(jq -c '.[]' "$work/outcomes")
    while IFS= read -r outcome; do report "$outcome"; done <<<"$outcomes"
    return
  fi
  # One case fails to evaluate: each on its own, to find which.
  names=$(nix-instantiate --eval --strict --json --expr \
    "builtins.mapAttrs (_: cases: builtins.filter (name: cases.\${name} ? expected) (builtins.attrNames cases)) (import $here { pkgs = $pkgs; }).cases" \
    | jq -r 'to_entries[] | .key as $file | .value[] | "\($file)\t\(.)"')
  while IFS=$'\t' read -r file name; do
    if evaluate one "$file" "$name" >"$work/outcome"; then
      report "$(cat "$work/outcome")"
    else
      fail "$file $name" "$(oneLine "$work/err")"
    fi
  done <<<"$names"
}

runErrors() {
  local list file name msg
  list=$(evaluate errors | jq -r '.[] | [.file, .name, .msg] | join("\t")')
  while IFS=$'\t' read -r file name msg; do
    if evaluate "cases.\"$file\".\"$name\".expr" >/dev/null; then
      fail "$file $name" "evaluates, but should fail with: $msg"
    elif oneLine "$work/err" | grep -qE -- "$msg"; then
      pass
    else
      fail "$file $name" "the error does not match
     $msg
     $(oneLine "$work/err")"
    fi
  done <<<"$list"
}

runBuilds() {
  local name
  for name in $(nix-instantiate --eval --strict --json --expr "builtins.attrNames (import $here/builds.nix { pkgs = $pkgs; })" | jq -r '.[]'); do
    if nix-build --option substituters "" --option sandbox false --no-out-link \
      --expr "(import $here/builds.nix { pkgs = $pkgs; }).$name" >"$work/log" 2>&1; then
      pass
    else
      fail "builds.nix $name" "$(tail -n 20 "$work/log")"
    fi
  done
}

runValues
runErrors
if [ -n "$build" ]; then runBuilds; fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
