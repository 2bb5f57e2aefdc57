#!/usr/bin/env bash
# Makes the locks of this folder and of ../projects: what `mach-nix lock` says over the live index as of the days below.
#
#     tests/nix/locks/make.sh MACH_NIX [NAME…]
#
# The package set in which build backends are asked is hostpkgs; `mixed-requests` needs a set that has requests, which is the tree
# of MACH_NIX_TEST_NIXPKGS (see ../run.sh), and is left as it is without one. Locks of other ways to write things, which the command
# does not write, are made by the tests that need them (../lockFile.nix, ../source.nix, ../served.nix).
set -euo pipefail
mach_nix=$(realpath "${1:?usage: make.sh MACH_NIX [NAME…]}")
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
projects=$here/../projects
root=$here/../../..
export MACH_NIX_NIXPKGS=$root/hostpkgs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# lock DAY OPTION…: in the folder of the lock, from nothing.
lock() {
  renew "$@" -o new.lock
  mv new.lock mach-nix.lock
}
renew() { "$mach_nix" --quiet lock --python 3.11 --system x86_64-linux --exclude-newer "$@"; }

# A file to name with --nixpkgs, which gives the tree.
tree() {
  local host
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$root/tests/nixpkgs-host}")
  echo "args: import $host/host-nixpkgs.nix (args // { nixpkgs = $(realpath "$MACH_NIX_TEST_NIXPKGS"); packageIndex = \"${PACKAGE_INDEX:-}\"; })" \
    >"$work/tree.nix"
  echo "$work/tree.nix"
}

# name, day, options
wheels=(
  "build-tools 2024-06-14"
  "by-name 2026-11-20"
  "flask 2026-11-20"
  "linked 2026-11-20"
  "science 2024-06-14"
  "urllib3 2026-11-20"
  "wheels 2026-11-20"
)
sources=(
  "contact 2026-11-20 --providers wheel,sdist"
  "mixed 2024-07-01 --providers wheel,sdist --provider build=nixpkgs --provider markupsafe=sdist"
  "mixed-requests 2024-07-01 --providers wheel,sdist --provider requests=nixpkgs --provider markupsafe=sdist"
  "sources-backends 2026-11-20 --providers sdist"
  "sources-build-tools 2024-06-14 --providers sdist"
  "sources-cffi 2026-11-20 --providers wheel,sdist --provider cffi=sdist"
  "sources-cmake 2026-11-20 --providers wheel,sdist --provider levenshtein=sdist"
  "sources-compiled 2026-11-20 --providers sdist"
  "sources-lxml 2026-11-20 --providers sdist"
  "sources-numpy 2026-11-20 --providers sdist"
  "sources-plain 2026-11-20 --providers sdist"
)

make() { # make NAME DAY OPTION…
  local name=$1
  shift
  case $name in
    greeter) (cd "$projects/greeter" && lock "$@" --pyproject pyproject.toml) ;;
    greeter-attr | greeter-cfg) (cd "$projects/$name" && lock "$@" -r setup.cfg) ;;
    greeter-py) (cd "$projects/greeter-py" && lock "$@" -r setup.py) ;;
    old-click) (cd "$here/old-click" && lock "$@" 'click==8.1.3') ;;
    # The versions of a lock stay while they fit.
    greeter-old-click)
      cd "$here/greeter-old-click"
      lock "$@" 'click==8.1.3'
      renew "$@" --pyproject "$projects/greeter/pyproject.toml" -o mach-nix.lock
      ;;
    mixed-requests)
      if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
        (cd "$here/$name" && lock "$@" -r requirements.txt --nixpkgs "$(tree)")
      else
        echo "mixed-requests is left as it is: MACH_NIX_TEST_NIXPKGS names no tree" >&2
      fi
      ;;
    *) (cd "$here/$name" && lock "$@" -r requirements.txt) ;;
  esac
}

for line in "${wheels[@]/%/ --providers wheel}" "${sources[@]}" \
  {greeter,greeter-attr,greeter-cfg,greeter-py,greeter-old-click,old-click}" 2026-11-01 --providers wheel"; do
  read -ra words <<<"$line"
  if [ $# = 0 ] || [[ " $* " == *" ${words[0]} "* ]]; then make "${words[@]}"; fi
done
