#!/usr/bin/env bash
# Runs the tests of the Nix library.
#
#     tests/nix/run.sh [--pkgs hostpkgs|PATH] [--build] [--heavy NAME|all]
#
# --pkgs    the package set: a folder to import; `hostpkgs` is fixtures/hostpkgs (the default)
# --build   also build and use the environments of builds*.nix, but not those of builds-heavy.nix
# --heavy   only build and use an environment of builds-heavy.nix, or all of them
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
heavy=

while [ $# -gt 0 ]; do
  case $1 in
    --pkgs) pkgs=${2:?--pkgs needs a folder}; shift 2 ;;
    --build) build=1; shift ;;
    --heavy) heavy=${2:?--heavy needs a name}; shift 2 ;;
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

nixBuild() { # nixBuild EXPRESSION [OPTION…]
  nix-build --option substituters "" --option sandbox false --no-out-link --expr "$@" >"$work/log" 2>&1
}

names() { nix-instantiate --eval --strict --json --expr "builtins.attrNames ($1)" | jq -r '.[]'; }

runBuilds() { # runBuilds FILE [NAME…]
  local file=$1 set="import $here/$1 { pkgs = $pkgs; }" name
  shift
  if [ $# = 0 ]; then mapfile -t all < <(names "$set"); set -- "${all[@]}"; fi
  for name in "$@"; do
    if nixBuild "($set).$name"; then pass; else fail "$file $name" "$(tail -n 20 "$work/log")"; fi
  done
}

# A server on this machine, so that what reaches it is known to have used the network.
startServer() {
  mkdir -p "$work/served"
  python3 -u -m http.server --bind 127.0.0.1 --directory "$work/served" 0 >"$work/server" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
  until address=$(grep -oE 'http://127.0.0.1:[0-9]+/' "$work/server"); do sleep 0.1; done
}

refused() { # refused NAME LOG [OPTION…]
  local name=$1 log=$2 expression=$3
  shift 3
  if nixBuild "$expression" "$@"; then
    fail "$name" "builds, but should fail with: $log"
  elif grep -qE -- "$log" "$work/log"; then
    pass
  else
    fail "$name" "the log does not match
     $log
     $(tail -n 20 "$work/log")"
  fi
}

runFailures() {
  local set name log
  startServer
  set="import $here/build-failures.nix { pkgs = $pkgs; } { address = \"$address\"; }"
  while IFS= read -r name; do
    log=$(nix-instantiate --eval --json --expr "($set).\"$name\".log" | jq -r .)
    refused "build-failures.nix $name" "$log" "($set).\"$name\".drv"
  done < <(names "$set")
  # Without a sandbox nothing keeps a build from opening a socket; with one, Nix does.
  set="(import $here/source.nix { pkgs = $pkgs; }).build \"raw-socket\""
  if nixBuild "$set { ADDRESS = \"$address\"; }"; then pass; else fail "a socket" "$(tail -n 20 "$work/log")"; fi
  if unshare --net true 2>/dev/null; then
    refused "a socket in a sandbox" "Connection refused" "$set { ADDRESS = \"$address\"; sandbox = \"\"; }" \
      --option sandbox true --option sandbox-fallback false --option sandbox-paths "/bin /lib /lib64 /usr"
  else
    echo "note: this machine permits no network namespaces, so no build was tried in a sandbox"
  fi
}

if [ -n "$heavy" ]; then
  if [ "$heavy" = all ]; then runBuilds builds-heavy.nix; else runBuilds builds-heavy.nix "$heavy"; fi
else
  runValues
  runErrors
fi
if [ -n "$build" ]; then
  runBuilds builds.nix
  runBuilds builds-sources.nix
  runFailures
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
