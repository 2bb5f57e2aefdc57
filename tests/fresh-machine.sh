#!/usr/bin/env bash
# README's two commands on a fresh machine: a minimal Debian in a folder, with a Nix store, a home and caches of its own.
#
#     tests/fresh-machine.sh [--order 'demo test'|'test demo'|'lint'|…] [--until DAY] [--keep]
#
# --order  the commands of ./dev, one after the other on one machine; default: `demo test`, and then, on another machine, `test demo`
# --until  the demo queries the recorded index (tests/recorded-index.sh) as it was on that day, and not the live one; two
#          runs with different days show that nothing depends on what an index says today
# --toolchain FOLDER
#          copies a Rust toolchain (`rustc --print sysroot`) to the new machine, where rustup's server cannot be reached
# --keep   keeps the machines, for a look at them
#
# It takes the last commit of this clone. The settings of apt, of name resolution and the certificates of this machine are
# those of the new one, so that a mirror or a proxy is used there as well.
#
# Needs root, debootstrap, and half an hour for each machine on two cores. FRESH_MACHINE_FOLDER is where the machines are made
# (default: /var/tmp/mach-nix-fresh).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/.." && pwd)
folder=${FRESH_MACHINE_FOLDER:-/var/tmp/mach-nix-fresh}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
orders=()
until=
toolchain=
keep=

while [ $# -gt 0 ]; do
  case $1 in
    --order) orders+=("${2:?--order needs commands}"); shift 2 ;;
    --until) until=${2:?--until needs a day}; shift 2 ;;
    --toolchain) toolchain=${2:?--toolchain needs a folder}; shift 2 ;;
    --keep) keep=1; shift ;;
    *) echo "fresh-machine.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
[ ${#orders[@]} -gt 0 ] || orders=('demo test' 'test demo')
[ "$(id -u)" = 0 ] || { echo "fresh-machine.sh: a machine in a folder needs root: run it with sudo" >&2 && exit 2; }
command -v debootstrap >/dev/null || { echo "fresh-machine.sh: debootstrap is missing: apt-get install debootstrap" >&2 && exit 2; }
mkdir -p "$folder"

say() { printf '\033[1m%s\033[0m\n' "fresh machine: $*" >&2; }

# The system before anything is done on it; made once.
base() {
  [ ! -e "$folder/base.done" ] || return 0
  say "making a minimal Debian in $folder/base"
  rm -rf "$folder/base"
  debootstrap --variant=minbase bookworm "$folder/base" "$mirror" >"$folder/base.log"
  touch "$folder/base.done"
}

# machine NAME: a copy of it with this repository.
machine() {
  local root=$folder/$1
  rm -rf "$root"
  cp -a "$folder/base" "$root"
  cp -rL /etc/apt/apt.conf.d "$root/etc/apt/"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  # Certificates: those of the machine until the package with them is installed, then both.
  mkdir -p "$root/usr/local/share/ca-certificates" "$root/etc/ssl/certs"
  cp -rL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  [ -z "$toolchain" ] || cp -a "$toolchain"/{bin,lib} "$root/usr/local/"
  git clone --quiet --no-local "$top" "$root/root/mach-nix"
}

# inside NAME COMMAND: in it, with nothing of this machine but devices and network. The root is exchanged and not only changed,
# because Nix's shells and builds leave a changed one.
inside() {
  local root=$folder/$1
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare --mount --pid --fork --propagation private bash -euc '
    root=$1 command=$2 index=$3
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    mkdir -p "$root/.outside"
    cd "$root"
    pivot_root . .outside
    umount -l /.outside
    cd /root/mach-nix
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LANG=C.UTF-8 \
      ${index:+MACH_NIX_INDEX_URL="$index"} bash -c "$command"
  ' bash "$root" "$2" "$index"
}

index=
if [ -n "$until" ]; then
  # shellcheck source=tests/recorded-index.sh
  . "$here/recorded-index.sh"
  trap 'kill "${index_server:-}" 2>/dev/null || true' EXIT
  (cd "$top" && cargo build --quiet --workspace)
  start_index "$top/target/debug/mach-nix" "$folder/index" --until "$until"
  index=$MACH_NIX_INDEX_URL
fi

base
failed=0
number=0
for order in "${orders[@]}"; do
  number=$((number + 1))
  name=machine-$number
  machine "$name"
  for command in $order; do
    start=$SECONDS
    if inside "$name" "./dev $command" >"$folder/$name-$command.log" 2>&1; then
      say "$name (in the order $order): ./dev $command passed, $((SECONDS - start)) s"
    else
      failed=$((failed + 1))
      say "$name (in the order $order): ./dev $command FAILED, $((SECONDS - start)) s; the end of $folder/$name-$command.log:"
      tail -n 40 "$folder/$name-$command.log" >&2
    fi
  done
  [ -n "$keep" ] || rm -rf "${folder:?}/$name"
done
[ "$failed" = 0 ]
