#!/usr/bin/env bash
# The names of the projects in a snapshot, as a JSON list: what is written to names.json next to it.
#
#     nixlib/snapshot/names.sh MACH_NIX SNAPSHOT
#
# They are what the snapshot has more than one of a single project, of an index on this machine.
set -euo pipefail

mach_nix=${1:?usage: names.sh MACH_NIX SNAPSHOT}
snapshot=${2:?usage: names.sh MACH_NIX SNAPSHOT}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

project=a-project-of-no-index
mkdir -p "$work/served/simple/$project"
python3 - "$work/served/simple/$project/${project//-/_}-1-py3-none-any.whl" <<'PYTHON'
import sys, zipfile
name = "a_project_of_no_index"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
PYTHON
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/served" 0 >"$work/server" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
until address=$(grep -oE 'http://127.0.0.1:[0-9]+/' "$work/server" 2>/dev/null); do sleep 0.1; done
"$mach_nix" index build --quiet "$project" --python 3.11 --system x86_64-linux \
  --index-url "${address}simple" --cache-dir "$work/cache" -o "$work/one.snapshot"
"$mach_nix" index diff "$work/one.snapshot" "$snapshot" |
  sed -nE 's/^\+ ([^ ]+)$/\1/p' | LC_ALL=C sort | jq --raw-input --slurp 'split("\n") | map(select(. != ""))'
