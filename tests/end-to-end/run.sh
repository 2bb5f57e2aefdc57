#!/usr/bin/env bash
# From requirements to running programs: locks over a recorded index, builds with Nix, runs the result.
#
#     tests/end-to-end/run.sh MACH_NIX [NAME…]
#
# Without names, all of them. What needs the live index is in tests/live.
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree (see tests/nix/run.sh), else hostpkgs.
set -euo pipefail
mach_nix=$(realpath "${1:?usage: run.sh MACH_NIX [NAME…]}")
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
# shellcheck source=tests/recorded-index.sh
. "$top/tests/recorded-index.sh"
trap 'kill "${index_server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
start_index "$mach_nix" "$work/index"
# Answers of earlier runs and of the live index are not used.
export MACH_NIX_CACHE_DIR=$work/cache

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=$(realpath "${MACH_NIX_TEST_NIXPKGS_HOST:-$top/tests/nixpkgs-host}")
  tree=$(realpath "$MACH_NIX_TEST_NIXPKGS")
  pkgs="import $host/host-nixpkgs.nix { nixpkgs = $tree; packageIndex = \"${PACKAGE_INDEX:-}\"; }"
else
  pkgs="import $top/hostpkgs { }"
fi
environment="(import $top { pkgs = $pkgs; }).mkPython { requirements = builtins.readFile ./requirements.txt; lock = ./mach-nix.lock; }"
python=(--python 3.11 --system x86_64-linux --exclude-newer 2026-11-01)

# lock OPTION…: writes mach-nix.lock from requirements.txt.
lock() { "$mach_nix" --quiet lock -r requirements.txt "${python[@]}" "$@"; }
# from PROVIDER: the packages of the lock that come from it.
from() { jq -r ".packages[] | select(.provider == \"$1\") | .name" mach-nix.lock | paste -sd ' '; }
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
  refuses 'MarkupSafe==2.1.1\|markupsafe==2.1.1' lock --providers wheel
  for remedy in 'markupsafe==2.1.2' '--python 3.10' 'markupsafe=wheel,sdist' 'requirements.txt, line 6'; do
    grep -q -- "$remedy" log || { echo "the refusal should name $remedy" >&2 && cat log >&2 && return 1; }
  done
  # The remedy: compiled from its source; the application serves.
  as_nixpkgs pkgs.nix
  lock --providers wheel,sdist --nixpkgs pkgs.nix
  [ "$(from sdist)" = markupsafe ]
  build
  ./result/bin/python "$here/pinned/check.py" requirements.txt
  ./result/bin/python -c 'import markupsafe._speedups'
  serve "$here/pinned/app.py"
  [ "$(curl -sS --noproxy '*' "$address/%3Cyou%3E")" = '<p>Hello &lt;you&gt;</p>' ]
}

# serve FILE: the application behind `address`, until the test ends.
serve() {
  FLASK_APP=$1 ./result/bin/flask run --port 0 >server.log 2>&1 &
  # shellcheck disable=SC2064 # this server
  trap "kill $!" EXIT
  for _ in $(seq 100); do
    address=$(grep -o 'http://127[^ ]*' server.log || true)
    [ -z "$address" ] || return 0
    sleep 0.1
  done
  cat server.log >&2
  return 1
}

# Wheels with compiled code: a model is fitted and a plot is written.
test_science() {
  cp "$here/science/requirements.txt" .
  lock && build
  ./result/bin/python "$here/science/fit.py" plot.png
  file plot.png | grep -q 'PNG image data'
}

# Errors of Nix itself.
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
  "$mach_nix" lock 'MarkupSafe==2.1.1' "${python[@]}" --providers wheel 2>found || true
  diff expected found
}

# as_nixpkgs FILE [OVERLAY]: a file to name with --nixpkgs, which gives the package set of these tests.
as_nixpkgs() {
  local set="import $top/hostpkgs"
  [ -z "${MACH_NIX_TEST_NIXPKGS:-}" ] || set="args: import $host/host-nixpkgs.nix (args // { nixpkgs = $tree; packageIndex = \"${PACKAGE_INDEX:-}\"; })"
  printf '{ system ? builtins.currentSystem, config ? { }, overlays ? [ ] }: (%s) { inherit system config; overlays = overlays ++ [ %s ]; }\n' "$set" "${2:-}" >"$1"
}

# Packages of nixpkgs: alone, and next to wheels; in a version that it has, until it has another one.
test_nixpkgs() {
  as_nixpkgs pkgs.nix
  # shellcheck disable=SC2016
  as_nixpkgs newer.nix '(_: prev: { pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (_: prev: {
    packaging = prev.packaging.overridePythonAttrs { version = "99.0"; }; }) ]; })'
  local lock=("$mach_nix" --quiet lock -r requirements.txt "${python[@]}" --nixpkgs)

  printf 'build>=1\n' >requirements.txt
  "${lock[@]}" pkgs.nix --providers nixpkgs
  [ "$(from nixpkgs)" = 'build packaging pyproject-hooks' ]
  "${lock[@]}" pkgs.nix --providers nixpkgs --check
  cp mach-nix.lock alone.lock
  build && ./result/bin/python -c 'import build, packaging, pyproject_hooks'
  refuses 'stale: nixpkgs has other versions' "${lock[@]}" newer.nix --providers nixpkgs --check
  "${lock[@]}" newer.nix --providers nixpkgs
  [ "$(jq -r '.packages[] | select(.name == "packaging") | .version' mach-nix.lock)" = 99.0 ]

  # An inventory in a file says the same as Nix.
  "$mach_nix" index nixpkgs --nixpkgs pkgs.nix --python 3.11 --system x86_64-linux -o inventory.json
  rm mach-nix.lock
  PATH=/nowhere "${lock[@]}" /nowhere --providers nixpkgs --nixpkgs-inventory inventory.json
  cmp alone.lock mach-nix.lock

  # Nixpkgs for one package; what that needs is taken from the index.
  rm mach-nix.lock
  "${lock[@]}" pkgs.nix --provider build=nixpkgs
  [ "$(from nixpkgs)/$(from wheel)" = 'build/packaging pyproject-hooks' ]
  build && ./result/bin/python -c 'import build, packaging; assert packaging.__version__ > "24.2", packaging.__version__'

  # What there is no wheel of, in the version that is asked for, is looked for in nixpkgs; and it may not be there.
  refuses 'nixpkgs has build 1\.' "$mach_nix" lock 'build==0.0.0.1' "${python[@]}" --nixpkgs pkgs.nix
  refuses 'there is no nixpkgs' env -u NIX_PATH HOME=/nowhere "$mach_nix" lock build --providers nixpkgs "${python[@]}"
  refuses 'nixpkgs was not queried' env -u NIX_PATH HOME=/nowhere "$mach_nix" lock 'build==0.0.0.1' "${python[@]}" --providers wheel,nixpkgs
  # Who does not ask for nixpkgs is not told of it.
  env -u NIX_PATH HOME=/nowhere "$mach_nix" lock 'build==0.0.0.1' "${python[@]}" 2>log || true
  grep -q '^ResolutionImpossible' log
  grep -q nixpkgs log && return 1

  # The answers of a checkout are kept: the second time, Nix has nothing to evaluate.
  mkdir checkout && cp pkgs.nix checkout/default.nix
  git -C checkout init -q && git -C checkout add .
  git -C checkout -c user.name=test -c user.email=test@localhost commit -q -m first
  MACH_NIX_CACHE_DIR=$PWD/cache "$mach_nix" -q lock build "${python[@]}" --providers nixpkgs --nixpkgs checkout -o first.lock
  mkdir bin && ln -s "$(command -v git)" bin/git
  PATH=$PWD/bin MACH_NIX_CACHE_DIR=$PWD/cache "$mach_nix" -q lock build "${python[@]}" --providers nixpkgs --nixpkgs checkout -o second.lock
  cmp first.lock second.lock
}

# Environments without files of the user's own, and as a folder that is taken elsewhere.
test_environments() {
  echo "_: $pkgs" >pkgs.nix
  export NIX_PATH="nixpkgs=$PWD/pkgs.nix"
  [ "$("$mach_nix" --quiet run flask "${python[@]}" -- flask --version | grep Flask)" = 'Flask 3.1.3' ]
  [ "$("$("$mach_nix" --quiet build flask "${python[@]}")/bin/python" -c 'import flask; print(flask.__name__)')" = flask ]
  printf 'flask --version\n' | SHELL=/bin/sh "$mach_nix" --quiet shell flask "${python[@]}" >shell.out
  grep -q 'Flask 3.1.3' shell.out
  # Outside of a project, everything after the program is an argument of it.
  [ "$("$mach_nix" --quiet run flask --version | grep Flask)" = 'Flask 3.1.3' ]
  refuses 'no program is named' "$mach_nix" run
  refuses 'nor PATH has .nothing-of-that-name' "$mach_nix" run flask "${python[@]}" -- nothing-of-that-name
  refuses '^ResolutionImpossible' "$mach_nix" run 'flask==0.0.0' "${python[@]}" --providers wheel -- flask
  [ "$(ls)" = "$(printf 'log\npkgs.nix\nshell.out')" ]

  "$mach_nix" --quiet env ./here flask "${python[@]}"
  mv here there
  (cd / && nix-shell "$OLDPWD/there" --run 'type -p flask' >"$OLDPWD/shell.out" 2>>"$OLDPWD/log")
  grep -q '^/nix/store/' shell.out
  "$mach_nix" --quiet env ./there flask click "${python[@]}"
  nix-shell ./there --run 'flask --version' >shell.out 2>>log
  grep -q 'Flask 3.1.3' shell.out

  # One file, and nothing else. It takes the arguments of mkPython.
  mkdir alone
  "$mach_nix" --quiet gen flask click "${python[@]}" -o alone/env.nix
  [ "$(nix-instantiate alone/env.nix 2>>log)" = "$(nix-instantiate there 2>>log)" ]
  nix-build alone/env.nix --argstr postBuild "echo built >\$out/word" -o alone/result >>log 2>&1
  [ "$(alone/result/bin/flask --version | grep Flask), $(cat alone/result/word)" = 'Flask 3.1.3, built' ]
  nix-shell alone/env.nix --run 'type -p flask' >shell.out 2>>log
  grep -q '^/nix/store/' shell.out
}

# archive NAME VERSION [WORD]: the project of that name, with a word in it, behind the server's address.
archive() {
  rm -rf "archive/$1-$2" && mkdir -p "archive/$1-$2"
  cp "$top/tests/nix/projects/$1"/*.* "archive/$1-$2" && rm "archive/$1-$2/mach-nix.lock"
  echo "${3:-}" >"archive/$1-$2/word.txt"
  tar -C archive -czf "served/$1-$2.tar.gz" "$1-$2"
}

# What is required by its address: a tag of a repository, and an archive, which has to stay what it was.
test_addresses() {
  as_nixpkgs pkgs.nix
  export MACH_NIX_NIXPKGS=$PWD/pkgs.nix
  mkdir -p served repository/sub
  cp "$top"/tests/nix/projects/greeter/*.{py,toml} repository/sub
  local git=(git -C repository -c user.name=test -c user.email=test@localhost)
  "${git[@]}" init -q && "${git[@]}" add . && "${git[@]}" commit -q -m first && "${git[@]}" tag -a -m first v1
  rm repository/sub/pyproject.toml
  "${git[@]}" commit -q -a -m 'no project'
  git clone -q --bare repository served/greeter.git && git -C served/greeter.git update-server-info
  archive greeter-cfg 1.0
  archive greeter-py 1.0 "$PWD"

  python3 -u -m http.server --bind 127.0.0.1 --directory served 0 >server.log 2>&1 &
  # shellcheck disable=SC2064
  trap "kill $!" EXIT
  local address=
  for _ in $(seq 50); do
    address=$(sed -n 's|.*(\(http://[^)]*[0-9]\)/*).*|\1|p' server.log)
    [ -z "$address" ] || break
    sleep 0.1
  done

  cat >requirements.txt <<EOF
Greeter_App @ git+$address/greeter.git@v1#subdirectory=sub
greeter-cfg @ $address/greeter-cfg-1.0.tar.gz
EOF
  lock && build
  [ "$(jq -r '.packages[] | select(.name == "greeter-app").git.rev' mach-nix.lock)" = "$(git -C repository rev-parse 'v1^{}')" ]
  [ "$(./result/bin/greet you), $(./result/bin/greet-cfg you)" = 'hello you, hello you' ]

  # Nix has the archive that was locked; without it, the changed one is all there is.
  echo "greeter-py @ $address/greeter-py-1.0.tar.gz" >requirements.txt
  lock
  local hash
  hash=$(jq -r '.packages[] | select(.name == "greeter-py").hash' mach-nix.lock | sed 's/^sha256-//' | base64 -d | od -An -vtx1 | tr -d ' \n')
  nix-store --delete "$(nix-store --print-fixed-path sha256 "$hash" greeter-py-1.0.tar.gz)" >log 2>&1
  archive greeter-py 1.0 changed
  refuses 'hash mismatch' nix-build -E "$environment"
}

# project NAME WORD…: a project of one's own, locked by the command.
project() {
  local name=$1
  shift
  cp -r "$top/tests/nix/projects/$name" . && chmod -R u+w "$name" && rm -f "$name/mach-nix.lock"
  [ "$name" != greeter ] || sed -i 's/setuptools>=61/setuptools==75.1.0/' greeter/pyproject.toml
  "$mach_nix" --quiet lock "$@" "${python[@]}"
}

# Projects of one's own, each way to write one: alone, and together in an environment.
test_projects() {
  as_nixpkgs pkgs.nix
  export MACH_NIX_NIXPKGS=$PWD/pkgs.nix
  local mach="import $top { pkgs = $pkgs; python = \"python311\"; }"
  run() { nix-build -E "with $mach; $1" >log 2>&1 || { tail -n 40 log >&2 && return 1; }; }
  project greeter --pyproject greeter/pyproject.toml
  project greeter-cfg -r greeter-cfg/setup.cfg
  project greeter-py -r greeter-py/setup.py
  project computed --pyproject computed/pyproject.toml --extra fast --group dev
  [ "$(jq -c .request.requirements greeter-py/mach-nix.lock)" = '["click>=8"]' ]

  # Built with the locked setuptools, which no package set has.
  run 'buildPythonPackage ./greeter'
  grep -q 'Generator: setuptools (75.1.0)' result/lib/python3.11/site-packages/*.dist-info/WHEEL
  local name program
  for name in greeter greeter-cfg greeter-py; do
    run "buildPythonApplication ./$name"
    program=${name/greeter/greet}
    [ "$(env -i "result/bin/$program" you)" = 'hello you' ]
  done

  run 'mkPython [ ./greeter ./greeter-cfg (buildPythonPackage ./greeter-py) ]'
  [ "$(result/bin/greet you), $(result/bin/greet-cfg you), $(result/bin/greet-py you)" = 'hello you, hello you, hello you' ]

  # What only a build tells: the lock is believed, and what is known besides has to be in it.
  local of_computed='mkPython { pyproject = ./computed/pyproject.toml; extras = [ "fast" ]; lock = ./computed/mach-nix.lock;'
  run "$of_computed groups = [ \"dev\" ]; packagesExtra = [ ./computed ]; }"
  [ "$(result/bin/computed you)" = 'hello you' ]
  result/bin/python -c 'import idna, iniconfig'
  sed -i 's/"iniconfig"/"iniconfig>=1"/' computed/pyproject.toml
  refuses 'iniconfig>=1' nix-instantiate -E "with $mach; $of_computed groups = [ \"dev\" ]; }"
}

names=("$@")
[ ${#names[@]} -gt 0 ] || names=(demo readme pinned science refusals environments nixpkgs addresses projects)
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
