#!/usr/bin/env bash
# The four ways to a lock (nixlib/resolve/resolve.nix) give the same bytes and the same derivations over the snapshot that ships.
#
#     tests/ways/run.sh MACH_NIX [PLUGIN] [SET…]
#
# PLUGIN  what Nix loads for `builtins.machNixResolve`; without it (or with an empty word) there are three ways
# SET     folders next to this script (default: all)
#
# A set with the file `providers.json` takes packages from nixpkgs, too; one with the file `needs` is for package sets that have
# what it names.
#
# The way `fixed-output` queries an index on this machine that has what the snapshot has. MACH_NIX_TEST_WITHOUT_SANDBOX leaves out
# what is tried in Nix's sandbox, for machines that permit none.
set -euo pipefail
mach_nix=$(realpath "${1:?usage: run.sh MACH_NIX [PLUGIN] [SET…]}")
plugin=${2:+$(realpath "$2")}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
snapshot=$top/nixlib/snapshot/common.snapshot
day=$("$mach_nix" index info --format json "$snapshot" | jq -r .origin.exclude_newer)
recorded=$("$mach_nix" index info --format json "$snapshot" | jq -r '.origin.indexes[0]')
work=$(mktemp -d)
# shellcheck source=tests/recorded-index.sh
. "$top/tests/recorded-index.sh"
trap 'kill "${index_server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
start_index "$mach_nix" "$work/index"
index=$MACH_NIX_INDEX_URL
# Everything else is offline, and a snapshot names its own index.
unset MACH_NIX_INDEX_URL

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$top/tests/nixpkgs-host}")
  pkgs="import $host/host-nixpkgs.nix { nixpkgs = $(realpath "$MACH_NIX_TEST_NIXPKGS"); packageIndex = \"${PACKAGE_INDEX:-}\"; }"
else
  pkgs="import $top/hostpkgs { }"
fi
# The program is copied once, and not hashed again by each evaluation. A snapshot under a new name makes new derivations, so
# that what they give is what this program gives.
program=$(nix-store --add "$mach_nix")
cp "$snapshot" "$work/$(basename "$work").snapshot"
data=$(nix-store --add "$work/$(basename "$work").snapshot")
library="import $top { pkgs = $pkgs; package = builtins.storePath $program; pypiData = builtins.storePath $data; }"
echo "_: $pkgs" >"$work/nixpkgs.nix"

if [ $# -gt 2 ]; then sets=("${@:3}"); else mapfile -t sets < <(cd "$here" && printf '%s\n' */ | tr -d /); fi
passed=0
failed=0
skipped=()

# derivation WAY NIX: the environment, for the file next to it.
derivation() {
  local options=()
  [ "$1" != plugin ] || options=(--option plugin-files "$plugin")
  nix-instantiate "${options[@]}" -E \
    "($library).mkPython { $asked excludeNewer = \"$day\"; python = \"python311\"; resolveWith = \"$1\"; $2 }" 2>log ||
    { cat log >&2 && return 1; }
}

# The lock that the way `ifd` built in the evaluation before: with nixpkgs, questions come before it.
imported() {
  local made
  mapfile -t made < <(sed -n "s|^building '\(.*-no-lock-file-given--write-one-with-mach-nix-lock.drv\)'.*|\1|p" log)
  [ "${#made[@]}" -gt 0 ] || { echo "ifd has built nothing" >&2 && return 1; }
  jq .lock "$(nix-store --query --outputs "${made[-1]}")"
}

# The request: for nixlib in `asked`, for the command in `options`.
read_set() {
  if [ -e pyproject.toml ]; then
    asked='pyproject = ./pyproject.toml; extras = [ "plot" ]; groups = [ "dev" ];'
    options=(--pyproject pyproject.toml --extra plot --group dev)
  else
    asked='requirements = ./requirements.txt;'
    options=(-r requirements.txt)
  fi
  [ -e providers.json ] || return 0
  asked+=' providers = builtins.fromJSON (builtins.readFile ./providers.json);'
  local provider
  while read -r provider; do
    case $provider in
      _default=*) options+=(--providers "${provider#*=}") ;;
      *) options+=(--provider "$provider") ;;
    esac
  done < <(jq -r 'to_entries[] | "\(.key)=\(.value | if type == "array" then join(",") else . end)"' providers.json)
}

# over_index LOCK: the lock as the index on this machine gives it; its files are there, and it is the only index.
over_index() { sed -E "s|\"$recorded\"|\"$index\"|; s|\"url\": \"[^\"]*/|\"url\": \"${index%/simple}/files/|" "$1"; }
hash() { echo "sha256:$(nix-hash --type sha256 --flat --base32 "$1")"; }
# same WAY FOUND EXPECTED
same() { [ "$2" = "$3" ] || { echo "$1 gives $2, and the lock file $3" >&2 && return 1; }; }

test_set() {
  local asked options expected way found
  read_set
  "$mach_nix" --quiet lock "${options[@]}" --python 3.11 --system x86_64-linux --exclude-newer "$day" \
    --nixpkgs "$work/nixpkgs.nix" --pypi-data "$snapshot" --offline -o mach-nix.lock
  if [ -e providers.json ]; then
    jq -e '[.packages[].provider] | unique == ["nixpkgs", "wheel"]' mach-nix.lock >/dev/null ||
      { echo "the lock does not have packages of nixpkgs beside wheels" >&2 && return 1; }
  fi
  over_index mach-nix.lock >index.lock
  same fixed-output "$(derivation fixed-output "lockHash = \"$(hash index.lock)\"; indexUrl = \"$index\";")" \
    "$(derivation lock 'lock = ./index.lock;')"
  expected=$(derivation lock 'lock = ./mach-nix.lock;')
  for way in ifd ${plugin:+plugin}; do
    found=$(derivation "$way" '')
    same "$way" "$found" "$expected"
    case $way in
      ifd) cmp mach-nix.lock <(imported) ;;
      plugin) diff <(answer) <(jq -S . mach-nix.lock) ;;
    esac
  done
  nix-build "$expected" >log 2>&1 || { tail -n 40 log >&2 && return 1; }
  ./result/bin/python import.py
}

# The value of `plugin`, which has no bytes.
answer() {
  nix-instantiate --option plugin-files "$plugin" --eval --strict --json -E "import $here/answer.nix {
    pkgs = $pkgs;
    pypiData = builtins.storePath $data;
    excludeNewer = \"$day\";
    arguments = { $asked };
  }" | jq -S .
}

# has FILE: whether the package set has what the file names.
has() {
  nix-instantiate --eval --json -E "let python = ($pkgs).python311; in
    builtins.all (name: python.pkgs ? \${name}) ($(jq -Rn '[inputs]' "$1" | jq -r 'map(@json) | "[ \(join(" ")) ]"'))" | grep -q true
}

for name in "${sets[@]}"; do
  if [ -e "$here/$name/needs" ] && ! has "$here/$name/needs"; then
    skipped+=("$name")
    continue
  fi
  cp -r "$here/$name" "$work/"
  # A new shell, because `set -e` is off inside conditions.
  (cd "$work/$name" && set -e && test_set) &
  if wait $!; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name"
  fi
done

# The names that nixlib knows are those of the snapshot, and `pythonWith` makes the environment of them.
by_names() {
  local environment
  "$top/nixlib/snapshot/names.sh" "$mach_nix" "$snapshot" >names.json
  cmp names.json "$top/nixlib/snapshot/names.json"
  [ "$(jq length names.json)" = "$("$mach_nix" index info --format json "$snapshot" | jq .counts.projects)" ]
  environment=$(nix-instantiate -E "(import $top {
    pkgs = $pkgs; package = builtins.storePath $program; python = \"python311\";
  }).pythonWith.flask.requests" 2>log) || { cat log >&2 && return 1; }
  nix-build "$environment" >log 2>&1 || { tail -n 40 log >&2 && return 1; }
  ./result/bin/python -c 'import flask, requests'
}
mkdir "$work/by-names"
(cd "$work/by-names" && set -e && by_names) &
wait $! || { failed=$((failed + 1)) && echo "FAIL names"; }

# With nothing but requirements the snapshot that ships counts, and a second evaluation builds nothing.
again() {
  local asked='requirements = "flask";'
  library="import $top { pkgs = $pkgs; package = builtins.storePath $program; }"
  derivation ifd '' >first
  derivation ifd '' >second
  if grep building log; then return 1; fi
  cmp first second
}
(cd "$work" && set -e && again) &
wait $! || { failed=$((failed + 1)) && echo "FAIL a second evaluation"; }

# The way `ifd` needs no network and no files but its inputs: in Nix's sandbox there are no others. The package sets
# of these tests take their tools from the machine.
in_sandbox() {
  local asked='requirements = "itsdangerous";'
  export NIX_CONFIG=${NIX_CONFIG:-}$'\nsandbox = true\nsandbox-fallback = false\nsandbox-paths = /bin /lib /lib64 /usr'
  derivation ifd '' >made
  jq -e '[.packages[].name] == ["itsdangerous"]' <(imported) >/dev/null
}
if [ -n "${MACH_NIX_TEST_WITHOUT_SANDBOX:-}" ]; then
  skipped+=("a sandbox")
else
  mkdir "$work/in-sandbox"
  (cd "$work/in-sandbox" && set -e && in_sandbox) &
  wait $! || { failed=$((failed + 1)) && echo "FAIL in a sandbox"; }
fi

# A flake is evaluated purely. Its package set must be among its files, so it is the one that is.
in_flake() {
  local asked options way expected nix=(nix --extra-experimental-features 'nix-command flakes')
  cp -r "$here/project/." "$top/nixlib" "$top/hostpkgs" "$mach_nix" .
  read_set
  "$mach_nix" --quiet lock "${options[@]}" --python 3.11 --system x86_64-linux --exclude-newer "$day" \
    --pypi-data "$snapshot" --offline -o mach-nix.lock
  over_index mach-nix.lock >index.lock
  cat >flake.nix <<NIX
{
  outputs = _: let
    library = import ./nixlib { pkgs = import ./hostpkgs { system = "x86_64-linux"; }; package = ./$(basename "$mach_nix"); };
    environment = way: arguments: library.mkPython ({
      $asked excludeNewer = "$day"; python = "python311"; resolveWith = way;
    } // arguments);
  in {
    lock = environment "lock" { lock = ./mach-nix.lock; };
    ifd = environment "ifd" { };
    plugin = environment "plugin" { };
    fixed-output = environment "fixed-output" {
      lockHash = "$(hash index.lock)"; indexUrl = "$index";
    };
    index = environment "lock" { lock = ./index.lock; };
  };
}
NIX
  [ -z "$plugin" ] || nix+=(--option plugin-files "$plugin")
  drv() { "${nix[@]}" eval --raw "path:$PWD#$1.drvPath"; }
  expected=$(drv lock)
  for way in ifd ${plugin:+plugin}; do same "$way" "$(drv "$way")" "$expected"; done
  same fixed-output "$(drv fixed-output)" "$(drv index)"
}
mkdir "$work/in-flake"
(cd "$work/in-flake" && set -e && in_flake 2>log) &
wait $! || { failed=$((failed + 1)) && echo "FAIL in a flake" && cat "$work/in-flake/log"; }

echo "ways to a lock: $passed passed, $failed failed${plugin:+, with the plugin}${skipped:+; cannot be done here: ${skipped[*]}}"
[ "$failed" = 0 ]
