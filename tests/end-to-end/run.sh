#!/usr/bin/env bash
# From requirements to running programs: locks over the live index as of a fixed day, builds with Nix, runs the result.
#
#     tests/end-to-end/run.sh MACH_NIX [NAME…]
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree (see tests/nix/run.sh), else fixtures/hostpkgs.
set -euo pipefail
mach_nix=$(realpath "${1:?usage: run.sh MACH_NIX [NAME…]}")
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$top/../shared/nixpkgs-host}")
  tree=$(realpath "$MACH_NIX_TEST_NIXPKGS")
  pkgs="import $host/host-nixpkgs.nix { nixpkgs = $tree; packageIndex = \"${PACKAGE_INDEX:-}\"; }"
else
  pkgs="import $top/fixtures/hostpkgs { }"
fi
environment="(import $top { pkgs = $pkgs; }).mkPython { requirements = builtins.readFile ./requirements.txt; lock = ./mach-nix.lock; }"
python=(--python 3.11 --system x86_64-linux --exclude-newer 2026-11-01)

# lock: writes mach-nix.lock from requirements.txt.
lock() { "$mach_nix" --quiet lock -r requirements.txt "${python[@]}"; }
# build: the environment in `result`; the build log is shown only when it fails.
build() { nix-build -E "$environment" >log 2>&1 || { tail -n 40 log >&2 && return 1; }; }
# refuses TEXT COMMAND…: the command fails and its error says TEXT.
refuses() {
  local text=$1
  shift
  if "$@" >log 2>&1; then echo "should have been refused: $text" >&2 && return 1; fi
  grep -q -- "$text" log || { echo "should say: $text" >&2 && cat log >&2 && return 1; }
}
evaluate() { nix-instantiate -E "$environment"; }

# The demo answers, with the versions it was locked to.
test_demo() {
  "$top/examples/flask-weather/demo.sh" "$mach_nix" >log 2>&1 || { cat log >&2 && return 1; }
  grep -q 'Hello from Flask 3.1.3 and requests 2.34.2!' log
  grep -q '"celsius":7' log
}

# The application that people bring: all versions pinned, and exactly these are imported.
test_pinned() {
  cp "$here/pinned/requirements.txt" .
  lock && build
  ./result/bin/python "$here/pinned/check.py" requirements.txt
  # The pin as it came with the application: no wheel for this Python.
  sed -i 's/^MarkupSafe==.*/MarkupSafe==2.1.1/' requirements.txt
  refuses 'does not match' evaluate
  refuses 'MarkupSafe==2.1.1\|markupsafe==2.1.1' lock
  for remedy in 'markupsafe==2.1.2' '--python 3.10' 'markupsafe=wheel,sdist' 'requirements.txt, line 6'; do
    grep -q -- "$remedy" log || { echo "the refusal should name $remedy" >&2 && cat log >&2 && return 1; }
  done
}

# Wheels with compiled code: a model is fitted and a plot is written.
test_science() {
  cp "$here/science/requirements.txt" .
  lock && build
  ./result/bin/python "$here/science/fit.py" plot.png
  file plot.png | grep -q 'PNG image data'
}

# What Nix itself has to refuse.
test_refusals() {
  printf 'six==1.17.0\n' >requirements.txt
  lock
  cp mach-nix.lock good.lock
  sed -i 's/"hash": "sha256-..../"hash": "sha256-AAAA/' mach-nix.lock
  refuses 'hash mismatch' nix-build -E "$environment"
  sed 's/"version": 1,/"version": 2,/' good.lock >mach-nix.lock
  refuses 'version' evaluate
  refuses 'format version 2' lock
  cp good.lock mach-nix.lock
  printf 'six==1.16.0\n' >requirements.txt
  refuses 'mach-nix lock' evaluate
}

# block FILE LANGUAGE TEXT: the code block of a language that holds the text.
block() {
  awk -v begin="^ *\`\`\`$2\$" -v text="$3" '
    !inside && $0 ~ begin { inside = 1; found = ""; next }
    inside && /^ *```$/ { inside = 0; if (index(found, text)) printf "%s", found; next }
    inside { found = found $0 "\n" }' "$1"
}

# The README's words: its expression builds, and its refusal is the one that is printed.
test_readme() {
  printf 'six\n' >requirements.txt
  lock
  block "$top/README.md" nix 'import ./path/to/mach-nix' | sed "s|./path/to/mach-nix|$top|" >default.nix
  nix-build --arg pkgs "$pkgs" >log 2>&1 || { tail -n 40 log >&2 && return 1; }
  ./result/bin/python -c 'import six'
  block "$top/README.md" console ResolutionImpossible | sed 1d >expected
  "$mach_nix" lock 'MarkupSafe==2.1.1' "${python[@]}" 2>found || true
  diff expected found
}

names=("$@")
[ ${#names[@]} -gt 0 ] || names=(demo readme pinned science refusals)
passed=0
failed=0
for name in "${names[@]}"; do
  mkdir "$work/$name"
  # A new shell, because `set -e` is off inside conditions.
  (cd "$work/$name" && set -e && "test_$name") &
  if wait $!; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name"
  fi
done
echo "end to end: $passed passed, $failed failed"
[ "$failed" = 0 ]
