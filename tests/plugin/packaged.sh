#!/usr/bin/env bash
# Builds crates/plugin/package.nix over a nixpkgs tree, and resolves with what comes out of it: in this machine's Nix 2.8.0
# through the shim, and through the C API in the Nix that build-nix.sh made, where there is one.
#
#     MACH_NIX_TEST_NIXPKGS=TREE tests/plugin/packaged.sh MACH_NIX
#
# MACH_NIX  the command, whose lock is the expected one
#
# MACH_NIX_TEST_NIXPKGS_HOST  as for tests/nix/run.sh
# MACH_NIX_TEST_NIX_CAPI      as for run.sh, which also fetches the headers of Nix 2.8.0
#
# `./dev test` does not run it: each of the two builds compiles everything, which takes minutes, and hostpkgs has no Rust.
set -euo pipefail
mach_nix=$(realpath "${1:?usage: packaged.sh MACH_NIX}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
tree=$(realpath "${MACH_NIX_TEST_NIXPKGS:?names no nixpkgs tree}")
host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$top/tests/nixpkgs-host}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mach-nix-test
capi=$(realpath -m "${MACH_NIX_TEST_NIX_CAPI:-$cache/nix-capi}")
headers=$cache/nix-2.8.0
work=$(mktemp -d)
chmod 755 "$work"
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

# package ARGUMENTS: builds it.
package() {
  nix-build --no-out-link -E "import $here/packaged.nix {
    pkgs = import $host/host-nixpkgs.nix { nixpkgs = $tree; packageIndex = \"${PACKAGE_INDEX:-}\"; };
    toolchain = $(rustc --print sysroot);
    $1
  }" 2>"$work/log" || { tail -n 40 "$work/log" >&2 && return 1; }
}

# resolves PACKAGE NIX…: what Nix answers with the line of the manual in its nix.conf is what the command writes.
resolves() {
  local package=$1
  shift
  mkdir -p "$work/conf"
  printf '%s\n' "plugin-files = $package/lib/nix/plugins" 'experimental-features = nix-command' >"$work/conf/nix.conf"
  NIX_CONF_DIR=$work/conf "$@" eval --impure --json --expr "builtins.machNixResolve {
    requirements = \"flask\";
    python = \"3.11\";
    system = \"x86_64-linux\";
    pypiData = $top/nixlib/snapshot/common.snapshot;
  }" | jq -S . >"$work/answer"
  cmp "$work/answer" "$work/expected"
}

"$mach_nix" --quiet lock flask --python 3.11 --system x86_64-linux --offline \
  --pypi-data "$top/nixlib/snapshot/common.snapshot" -o "$work/lock"
jq -S . "$work/lock" >"$work/expected"

[ -d "$headers" ] || { echo "there are no headers in $headers: run tests/plugin/run.sh first" >&2 && exit 1; }
made=$(package "headers = $headers;")
test -e "$made/include/mach_nix.h"
resolves "$made" nix
echo "packaged: $made resolves in $(nix --version)"

if [ ! -x "$capi/bin/nix" ]; then
  echo "packaged: Nix's C API is not tried: there is no Nix in $capi; tests/plugin/build-nix.sh makes one"
  exit
fi
version=$("$capi/bin/nix" --version)
made=$(package "libraries = $capi/root/opt/nix/lib; version = \"${version##* }\";")
# The libraries of the C API are elsewhere than the others, as in nixpkgs.
mkdir "$work/lib"
for library in "$capi"/root/opt/nix/lib/libnix*.so; do
  case $library in
    *c.so) ;;
    *) cp "$library" "$work/lib" ;;
  esac
done
export NIX_STORE_DIR=$work/store NIX_STATE_DIR=$work/state NIX_LOG_DIR=$work/log.d
resolves "$made" "$capi/root/lib64/ld-linux-x86-64.so.2" --argv0 nix \
  --library-path "$work/lib:$capi/root/usr/lib/x86_64-linux-gnu" "$capi/root/opt/nix/bin/nix"
echo "packaged: $made resolves in $version"
