#!/usr/bin/env bash
# Runs the tests of the Nix library.
#
#     tests/nix/run.sh [--pkgs hostpkgs|PATH] [--build]
#
# --pkgs    the package set: a folder to import; `hostpkgs` is fixtures/hostpkgs (the default)
# --build   also build and use the environments of builds.nix and the image of image.nix, and see
#           those of failures.nix fail
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree, made buildable by the
# host-nixpkgs.nix in MACH_NIX_TEST_NIXPKGS_HOST (default: ../shared/nixpkgs-host beside the
# repository).
#
# With MACH_NIX_TEST_LIB the package set has the `lib` of that nixpkgs tree (the folder that holds
# `lib`) in the place of its own, to see that the library works with a newer one.
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
if [ -n "${MACH_NIX_TEST_LIB:-}" ]; then
  pkgs="let pkgs = $pkgs; in pkgs // { lib = import $(realpath "$MACH_NIX_TEST_LIB")/lib; }"
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
  local call="(import $here { pkgs = ($pkgs); }).$1" string
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
    "builtins.mapAttrs (_: cases: builtins.filter (name: cases.\${name} ? expected) (builtins.attrNames cases)) (import $here { pkgs = ($pkgs); }).cases" \
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

names() { # names FILE: of the attributes
  nix-instantiate --eval --strict --json --expr "builtins.attrNames (import $here/$1 { pkgs = ($pkgs); })" | jq -r '.[]'
}

build() { # build FILE [ATTRIBUTE]: prints the path
  nix-build --option substituters "" --option sandbox false --no-out-link \
    --expr "(import $here/$1 { pkgs = ($pkgs); })${2:+.$2}" 2>"$work/log"
}

runBuilds() {
  local name
  for name in $(names builds.nix); do
    if build builds.nix "$name" >/dev/null; then pass; else fail "builds.nix $name" "$(tail -n 20 "$work/log")"; fi
  done
}

runFailures() {
  local name msg without
  expected() { nix-instantiate --eval --json --expr "(import $here/failures.nix { pkgs = ($pkgs); }).$name.$1" | jq -r .; }
  for name in $(names failures.nix); do
    msg=$(expected msg)
    without=$(expected without)
    if build failures.nix "$name.drv" >/dev/null; then
      fail "failures.nix $name" "builds, but should fail with: $msg"
    elif oneLine "$work/log" | grep -qE -- "$msg" && ! grep -qE -- "$without" "$work/log"; then
      pass
    else
      fail "failures.nix $name" "$(tail -n 20 "$work/log")"
    fi
  done
}

# The command of the image, in a folder that has nothing but the layers.
runImage() {
  local image root=$work/image layer output run=(chroot)
  local -a command
  [ "$(id -u)" = 0 ] || run=(unshare --user --map-root-user chroot)
  image=$(build image.nix) || { fail "image.nix" "$(tail -n 20 "$work/log")"; return; }
  mkdir -p "$root" "$work/layers"
  tar -xf "$image" -C "$work/layers"
  for layer in $(jq -r '.[0].Layers[]' "$work/layers/manifest.json"); do
    tar -xf "$work/layers/$layer" -C "$root" --no-same-owner --delay-directory-restore
    chmod -R u+w "$root"
  done
  mapfile -t command < <(jq -r '.config.Cmd[]' "$work/layers/$(jq -r '.[0].Config' "$work/layers/manifest.json")")
  if output=$("${run[@]}" "$root" "${command[@]}" -c 'import flask, markupsafe._speedups; print(flask.__version__)' 2>&1) \
    && [ "$output" = 2.1.2 ] && [ "$("${run[@]}" "$root" /bin/sh -c 'echo shell')" = shell ]; then
    pass
  else
    fail "image.nix" "$output"
  fi
}

runValues
runErrors
if [ -n "$build" ]; then
  runBuilds
  runFailures
  runImage
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
