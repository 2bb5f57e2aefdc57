#!/usr/bin/env bash
# Runs the evaluator plugin: the plain C entry from C, the shim in this machine's Nix, and Nix's C API where a Nix that
# has it is found.
#
#     tests/plugin/run.sh MACH_NIX [SNAPSHOT]
#
# MACH_NIX  the command, whose locks are the expected ones
# SNAPSHOT  what to resolve over; default: the one that ships
#
# MACH_NIX_TEST_NIX_CAPI  a folder with a Nix of 2.24 or later in bin/; default: what build-nix.sh made
set -euo pipefail
mach_nix=$(realpath "${1:?usage: run.sh MACH_NIX [SNAPSHOT]}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
plugin=$top/crates/plugin
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mach-nix-test
capi=${MACH_NIX_TEST_NIX_CAPI:-$cache/nix-capi}
work=$(mktemp -d)
chmod 755 "$work" # a store is made in it, and builds run as other users
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
export NIX_CONFIG="experimental-features = nix-command flakes
${NIX_CONFIG:-}"

passed=0
failed=0
say() { echo "plugin: $*"; }
# check NAME COMMAND…: counts; a command that fails shows what it wrote.
check() {
  local name=$1
  shift
  # A new shell, because `set -e` is off inside conditions.
  (set -e && "$@") >"$work/log" 2>&1 &
  if wait $!; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    sed 's/^/     /' "$work/log"
  fi
}
# refuses TEXT COMMAND…: the command fails, is not killed, and says the text; white space does not count.
refuses() {
  local text=$1 status=0
  shift
  "$@" >out 2>err || status=$?
  [ "$status" = 1 ] || { echo "exit code $status, and 1 is expected" && cat out err && return 1; }
  tr -s '[:space:]' ' ' <err | grep -qF -- "$(tr -s '[:space:]' ' ' <<<"$text" | sed 's/ $//')" ||
    { echo "should say: $text" && cat err && return 1; }
}
same() { diff <(jq -S . "$1") <(jq -S . "$2"); }

# The library as it ships, and with a way to make it panic.
build_library() {
  local target=${CARGO_TARGET_DIR:-$top/target}/debug/libmach_nix_plugin.so
  mkdir -p "$work/shipped" "$work/panics"
  (cd "$top" && cargo build --quiet --workspace --features mach-nix-plugin/test-panic) && cp "$target" "$work/panics/"
  (cd "$top" && cargo build --quiet --workspace) && cp "$target" "$work/shipped/"
}

# The requests, in folders: request.nix, and `expected`, the lock that the command makes.
make_inputs() {
  mkdir -p "$work/flake" "$work/asked"
  cd "$work/asked"
  cp "$snapshot" the.snapshot
  head -c 1000 the.snapshot >the.snapshot.damaged
  local lock=("$mach_nix" --quiet lock --pypi-data the.snapshot --offline -o)
  printf 'flask >= 2  # the web\nrequests\n' >requirements.txt
  printf 'jinja2<3.1.5\n' >constraints.txt
  cat >pyproject.toml <<'TEXT'
[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["flask"]
[project.optional-dependencies]
numbers = ["numpy ; python_version >= '3.11'"]
[dependency-groups]
client = ["requests"]
TEXT
  "${lock[@]}" plain.lock -r requirements.txt --python 3.11 --system x86_64-linux
  "${lock[@]}" several.lock -r requirements.txt -c constraints.txt --python 3.11,3.12 \
    --system x86_64-linux,aarch64-darwin --prerelease disallow --exclude-newer 2026-10-01 --providers wheel --provider Flask=wheel
  "${lock[@]}" project.lock --pyproject pyproject.toml --extra numbers --group client --python 3.12 --system x86_64-linux
  cat >plain.nix <<'NIX'
{
  requirements = builtins.readFile ./requirements.txt;
  python = "3.11";
  system = "x86_64-linux";
  pypiData = ./the.snapshot;
}
NIX
  cat >several.nix <<'NIX'
{
  requirements = builtins.readFile ./requirements.txt;
  constraints = builtins.readFile ./constraints.txt;
  python = [ "3.11" "3.12" ];
  system = [ "x86_64-linux" "aarch64-darwin" ];
  providers = { _default = "wheel"; Flask = [ "wheel" ]; };
  prerelease = "disallow";
  excludeNewer = "2026-10-01";
  pypiData = toString ./the.snapshot;
}
NIX
  cat >project.nix <<'NIX'
{
  pyproject = builtins.readFile ./pyproject.toml;
  extras = [ "numbers" ];
  groups = [ "client" ];
  python = "3.12";
  system = "x86_64-linux";
  providers = null;
  pypiData = "${./the.snapshot}";
}
NIX
  cp plain.nix requirements.txt the.snapshot "$work/flake"
  cat >"$work/flake/flake.nix" <<NIX
{
  outputs = _: let request = import ./plain.nix; in {
    file = builtins.machNixResolve request;
    store = builtins.machNixResolve (request // { pypiData = "\${./the.snapshot}"; });
    outside = builtins.machNixResolve (request // { pypiData = $work/asked/the.snapshot; });
    named = builtins.machNixResolve (request // { pypiData = "$work/asked/the.snapshot"; });
  };
}
NIX
}

# --- the plain C entry

test_entry() {
  gcc -std=c99 -pedantic -Wall -Wextra -Werror -I"$plugin/include" "$here/entry.c" -L"$work/$1" \
    -Wl,-rpath,"$work/$1" -lmach_nix_plugin -o "$work/$1/entry"
  jq -n --rawfile text requirements.txt --arg data "$PWD/the.snapshot" \
    '{requirements: $text, python: "3.11", system: "x86_64-linux", pypiData: $data}' |
    "$work/$1/entry" "$PWD/the.snapshot" "$2" | jq .lock >entry.lock
  same entry.lock plain.lock
}

# The library exports what the header has, and the entry of Nix.
test_exports() {
  diff <(nm -D --defined-only "$work/shipped/libmach_nix_plugin.so" | awk '{ print $3 }' | sort) \
    <({ grep -o 'mach_nix_[a-z]*(' "$plugin/include/mach_nix.h" | tr -d '('; echo nix_plugin_entry; } | sort)
  g++ -fsyntax-only -Wall -Werror -x c++ "$plugin/include/mach_nix.h"
}

# --- the builtin; `nix` is the array of the command and its options, `panics` the plugin with the panic

evaluate() { "${nix[@]}" eval --impure --json "$@"; }

test_answer() {
  evaluate --expr "builtins.machNixResolve (import $PWD/$1.nix)" >"$1.json"
  same "$1.json" "$1.lock"
}

test_refusal() {
  echo 'flask>=2,<1' >requirements.txt
  # What each knows of nixpkgs differs, and is told where nixpkgs is allowed.
  "$mach_nix" lock -r requirements.txt --python 3.11 --system x86_64-linux --pypi-data ../asked/the.snapshot \
    --providers wheel --offline -o - 2>expected || true
  grep -q '^ResolutionImpossible: ' expected
  # Remedies are arguments of the Nix library instead of options.
  grep -q 'itself, without .--pypi-data.:' expected
  sed -i -E 's|without (.)--pypi-data(.):|with a lock file, \1lock = ./mach-nix.lock;\2:|' expected
  refuses "$(cat expected)" evaluate --expr \
    "builtins.machNixResolve (import $work/asked/plain.nix // {
      requirements = builtins.readFile $PWD/requirements.txt;
      providers._default = \"wheel\";
    })"
}

test_wrong_arguments() {
  local request="import $work/asked/plain.nix"
  refuses 'takes an attribute set such as' evaluate --expr 'builtins.machNixResolve 3'
  refuses 'did you mean' \
    evaluate --expr "builtins.machNixResolve ($request // { requirement = 1; })"
  refuses 'is a path: give the text' \
    evaluate --expr "builtins.machNixResolve ($request // { requirements = ./requirements.txt; })"
  refuses 'cannot convert a function to JSON' \
    evaluate --expr "builtins.machNixResolve ($request // { python = x: x; })"
  refuses 'on purpose' evaluate --expr "builtins.machNixResolve ($request // { python = throw \"on purpose\"; })"
  refuses 'is missing: give the path of a snapshot' \
    evaluate --expr "builtins.machNixResolve (removeAttrs ($request) [ \"pypiData\" ])"
  refuses 'which has no folder to find that file in' \
    evaluate --expr "builtins.machNixResolve ($request // { requirements = \"-r other.txt\"; })"
  refuses 'is not a snapshot' evaluate --expr "builtins.machNixResolve ($request // { pypiData = $work/asked/plain.lock; })"
  refuses 'that this evaluation may read' \
    evaluate --expr "builtins.machNixResolve ($request // { pypiData = $work/nowhere; })"
}

# What surprises in the manifest is said, and the lock is there.
test_warning() {
  evaluate --expr "(builtins.machNixResolve (removeAttrs (import $work/asked/plain.nix) [ \"requirements\" ] // {
    pyproject = \"[project]\\nname = 'shop'\\nversion = '1'\\n[tool.uv]\\noverride-dependencies = ['flask<3']\";
  })).version" >version 2>err
  [ "$(cat version)" = 1 ]
  grep -q 'mach-nix: warning: pyproject.toml, line 5: .override-dependencies. of uv is not followed' err || { cat err && return 1; }
}

# A panic is an error of the expression; the evaluator goes on to the next one.
test_panic() {
  local nix=("${panics[@]}")
  refuses 'has a defect' evaluate --expr \
    "builtins.machNixResolve (import $work/asked/plain.nix // { requirements = \"test-panic\"; })"
  printf '%s\n' "builtins.machNixResolve (import $work/asked/plain.nix // { requirements = \"test-panic\"; })" \
    "(builtins.machNixResolve (import $work/asked/plain.nix)).version + 41" | "${nix[@]}" repl >out 2>&1
  if ! { grep -q 'has a defect' out && grep -q 42 out; }; then cat out && return 1; fi
}

# A flake is evaluated purely: its own files and the store are there, everything else is not.
test_flake() {
  local name
  for name in file store; do
    "${nix[@]}" eval --json "path:$work/flake#$name" >"$name.json"
    same "$name.json" "$work/asked/plain.lock"
  done
  for name in outside named; do
    refuses 'pure evaluation' "${nix[@]}" eval --json "path:$work/flake#$name"
  done
  "${nix[@]}" eval --impure --json "path:$work/flake#named" >named.json
  same named.json "$work/asked/plain.lock"
}

test_restricted() {
  local call=(--option restrict-eval true --expr "builtins.machNixResolve (import <asked/plain.nix>)")
  evaluate -I "asked=$work/asked" "${call[@]}" >restricted.json
  same restricted.json "$work/asked/plain.lock"
  refuses 'that this evaluation may read' evaluate -I "asked=$work/asked" --option restrict-eval true --expr \
    "builtins.machNixResolve (import <asked/plain.nix> // { pypiData = $work/flake/the.snapshot; })"
}

# Enough calls for the garbage collector to have run. What it has no knowledge of shows when Nix ends, if not before.
test_many() {
  evaluate --expr "builtins.foldl' (count: number: count + builtins.length (builtins.machNixResolve (
    import $work/asked/plain.nix // { name = \"\${toString number}.txt\"; })).packages) 0 (builtins.genList (number: number) 200)" >many
  [ "$(cat many)" = "$(jq '200 * (.packages | length)' "$work/asked/plain.lock")" ]
}

# A snapshot that is built counts as import from derivation.
test_built() {
  local expression="builtins.machNixResolve (import $work/asked/plain.nix // {
    pypiData = derivation {
      name = \"the.snapshot\";
      system = builtins.currentSystem;
      builder = \"/bin/sh\";
      args = [ \"-c\" \"/bin/cp \${$work/asked/the.snapshot} \$out\" ];
    };
  })"
  evaluate --option sandbox false --expr "$expression" >built.json
  same built.json "$work/asked/plain.lock"
  refuses 'allow-import-from-derivation' evaluate --option allow-import-from-derivation false \
    --expr "${expression//the.snapshot\\\"/other.snapshot\\\"}"
}

milliseconds() {
  local start end
  start=$(date +%s%N)
  for _ in 1 2 3 4 5 6 7 8 9 10; do "$@" >/dev/null; done
  end=$(date +%s%N)
  echo $(((end - start) / 10000000))
}

# What a whole evaluation takes, next to one that reads the lock file.
measure() {
  say "$1: $(milliseconds evaluate --expr "builtins.machNixResolve (import $work/asked/plain.nix)") ms with the builtin," \
    "$(milliseconds evaluate --expr "builtins.fromJSON (builtins.readFile $work/asked/plain.lock)") ms with the lock file"
}

run_builtin() {
  local name=$1 test
  for test in plain several project; do check "$name: answer $test" in_folder asked test_answer "$test"; done
  for test in refusal wrong_arguments warning panic flake restricted many built; do
    rm -rf "$work/here"
    check "$name: $test" in_folder here "test_$test"
  done
  measure "$name"
}
in_folder() { mkdir -p "$work/$1" && cd "$work/$1" && "${@:2}"; }

# --- the shim, compiled with the headers of this machine's Nix

# The source package of the Nix that is installed, for its headers. apt is given a source of its own, so that nothing of
# this machine's setting changes.
headers() {
  local version apt=$cache/apt
  version=$(dpkg-query -W -f '${source:Version}' nix-bin)
  headers=$cache/nix-${version%-*}
  [ ! -d "$headers" ] || return 0
  mkdir -p "$apt/lists"
  echo 'deb-src http://deb.debian.org/debian bookworm main' >"$apt/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache=$apt" -o APT::Sandbox::User=root -qq)
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" source "nix=$version" >/dev/null)
  mv "$apt/nix-${version%-*}" "$headers"
}

# The configuration is not in the source package; it is Debian's.
compile_shim() {
  local source=$headers/src
  g++ -std=c++17 -O1 -Wall -Werror -fPIC -shared -DHAVE_BOEHMGC=1 "-DSYSTEM=\"$(uname -m)-linux\"" -I"$source/libutil" \
    -I"$source/libexpr" -I"$source/libstore" -I"$source/libfetchers" -I"$plugin/include" "$plugin/shim/shim.cc" \
    -L"$work/$1" -Wl,-rpath,"$work/$1" -lmach_nix_plugin -o "$work/$1/shim.so"
}

run_shim() {
  local version nix panics headers
  version=$(nix --version)
  case $version in
    *\ 2.[4-9].* | *\ 2.1[0-9].* | *\ 2.2[0-3].*) ;;
    *) say "the shim is not tried: it is for Nix from 2.4 to 2.23, and this is $version" && return ;;
  esac
  if ! dpkg-query -W nix-bin >/dev/null 2>&1; then
    say "the shim is not tried: the headers of $version come from Debian's source package, and it is not Debian's"
    return
  fi
  headers
  compile_shim shipped
  compile_shim panics
  nix=(nix --option plugin-files "$work/shipped/shim.so")
  panics=(nix --option plugin-files "$work/panics/shim.so")
  run_builtin "shim in $version"
  check "the four ways" "$top/tests/ways/run.sh" "$mach_nix" "$work/shipped/shim.so" flask project nixpkgs-tool nixpkgs-first
  # Without the shim the library loads there as well, and does nothing.
  check "library alone" refuses "machNixResolve' missing" \
    nix --option plugin-files "$work/shipped/libmach_nix_plugin.so" eval --expr builtins.machNixResolve
}

# --- Nix's C API

test_declarations() {
  local source=$here/declarations.c api=$plugin/src/nix/api.rs include
  diff <(grep -oE '^IS\(nix_[a-z_]+' "$source" | cut -c 4- | sort) <(grep -oE '^    nix_[a-z_]+:' "$api" | tr -d ' :' | sort)
  for include in "$capi"/root/opt/nix/include "$capi"/include; do
    [ ! -d "$include" ] || { gcc -fsyntax-only -Wall -Werror -I"$include" -I"$include/nix" "$source" && return 0; }
  done
  echo "no headers under $capi" && return 1
}

run_capi() {
  local nix panics
  if [ ! -x "$capi/bin/nix" ]; then
    say "Nix's C API is not tried: there is no Nix in $capi; tests/plugin/build-nix.sh makes one"
    return
  fi
  # A store of its own: another Nix may have another form of database.
  export NIX_STORE_DIR=$work/store NIX_STATE_DIR=$work/state NIX_LOG_DIR=$work/log.d NIX_CONF_DIR=$work/conf
  nix=("$capi/bin/nix" --option plugin-files "$work/shipped/libmach_nix_plugin.so")
  panics=("$capi/bin/nix" --option plugin-files "$work/panics/libmach_nix_plugin.so")
  check declarations test_declarations
  run_builtin "C API in $("$capi/bin/nix" --version)"
}

snapshot=$(realpath "${2:-$top/nixlib/snapshot/common.snapshot}")
# Everything here is offline, and a snapshot names its own index.
unset MACH_NIX_INDEX_URL
build_library
make_inputs
check 'entry from C' in_folder asked test_entry shipped 0
check 'entry from C, with a panic' in_folder asked test_entry panics 1
check exports test_exports
run_shim
run_capi
say "$passed passed, $failed failed"
[ "$failed" = 0 ]
