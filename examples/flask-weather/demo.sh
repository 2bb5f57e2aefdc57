#!/usr/bin/env bash
# Locks, builds, serves and queries the application; the argument is the command mach-nix.
set -euo pipefail
mach_nix=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
cp "$here"/{requirements.txt,app.py,default.nix,mach-nix.nix} "$work"
cd "$work"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*" && "$@"; }

# The package set of the demo: the host's own tools in the shape of nixpkgs.
export NIX_PATH="nixpkgs=$top/hostpkgs:mach-nix=$top"

say "1. requirements.txt"
cat requirements.txt

say "2. Lock: choose a version of every package, as of 2026-11-01"
printf '$ mach-nix lock -r requirements.txt --exclude-newer 2026-11-01\n'
"$mach_nix" lock -r requirements.txt --exclude-newer 2026-11-01

say "3. Build: Nix makes the environment from the lock"
run nix-build -Q

say "4. Serve and query"
./result/bin/flask --app app run --port 0 >server.log 2>&1 &
server=$!
for _ in $(seq 100); do
  address=$(grep -o 'http://127[^ ]*' server.log || true)
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "$address" ] || { cat server.log >&2 && exit 1; }
run curl -sS --noproxy '*' "$address/weather/berlin"
run curl -sS --noproxy '*' "$address/"
