#!/usr/bin/env bash
# Builds a Nix with the C API from Debian trixie's source package (2.26.3), for the tests of the plugin's first door.
#
#     tests/plugin/build-nix.sh [FOLDER]
#
# FOLDER  where it is kept, about 1.5 GB while it builds; default: mach-nix-test/nix-capi in the user's cache folder,
#         where run.sh looks for it
#
# Needs root, debootstrap and ten minutes on two cores. What comes out in FOLDER/bin runs here, over the loader and
# libraries of FOLDER/root.
set -euo pipefail

folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/mach-nix-test/nix-capi}
mkdir -p "$folder"
folder=$(realpath "$folder")
root=$folder/root
mirror=http://deb.debian.org/debian

inside() {
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive chroot "$root" bash -euo pipefail -c "$1"
}

if [ ! -e "$folder/debootstrap.done" ]; then
  rm -rf "$root"
  debootstrap --variant=minbase trixie "$root" "$mirror"
  touch "$folder/debootstrap.done"
fi

cat >"$root/etc/apt/sources.list" <<TEXT
deb $mirror trixie main
deb-src $mirror trixie main
TEXT
inside '
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends dpkg-dev >/dev/null
  apt-get build-dep -y -qq --no-install-recommends nix >/dev/null
  cd /usr/src
  compgen -G "nix-*/" >/dev/null || apt-get source -qq nix
'
# Unoptimised: it is built once, and the tests evaluate little.
# shellcheck disable=SC2016 # the inner shell expands it
inside '
  cd /usr/src/nix-*/
  options=(
    --prefix=/opt/nix --libdir=lib --sysconfdir=/etc --localstatedir=/nix/var -Doptimization=0 -Ddebug=false
    -Ddefault_library=shared -Ddoc-gen=false -Dunit-tests=false -Dbindings=false -Dlibutil:cpuid=disabled
    -Dlibcmd:markdown=disabled -Dlibcmd:readline-flavor=readline -Dlibstore:sandbox-shell=/bin/sh
  )
  [ -e build/build.ninja ] || meson setup build "${options[@]}"
  ninja -C build
  ninja -C build install >/dev/null
'

# Debian trixie has a newer libc than this machine may have: its own loader starts the program. Nix then cannot start
# itself, which it would for builds on other machines.
mkdir -p "$folder/bin"
for name in nix nix-build nix-instantiate nix-store; do
  cat >"$folder/bin/$name" <<TEXT
#!/bin/sh
export NIX_CONFIG="build-hook =
\${NIX_CONFIG:-}"
exec '$root/lib64/ld-linux-x86-64.so.2' --argv0 $name \\
  --library-path '$root/opt/nix/lib:$root/usr/lib/x86_64-linux-gnu' '$root/opt/nix/bin/nix' "\$@"
TEXT
  chmod +x "$folder/bin/$name"
done
"$folder/bin/nix" --version
