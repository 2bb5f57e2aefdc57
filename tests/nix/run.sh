#!/usr/bin/env bash
# Runs the tests of the Nix library.
#
#     tests/nix/run.sh [--pkgs hostpkgs|PATH] [--build] [--heavy NAME|all]
#
# --pkgs    the package set: a folder to import; `hostpkgs` is that of this repository (the default)
# --build   also build and use the environments of builds*.nix (but not builds-heavy.nix) and the
#           image of image.nix, conda packages (conda/), the flake and its template (flake.sh), enter environments with
#           nix-shell, and see those of
#           *failures.nix fail
# --heavy   only build and use an environment of builds-heavy.nix, or all of them
#
# With MACH_NIX_TEST_NIXPKGS the package set is that nixpkgs tree, made buildable by the
# host-nixpkgs.nix in MACH_NIX_TEST_NIXPKGS_HOST (default: tests/nixpkgs-host).
#
# With MACH_NIX_TEST_WITHOUT_SANDBOX no build is tried in Nix's sandbox, for machines that permit none
# (containers without namespaces).
#
# With MACH_NIX_TEST_LIB the package set has the `lib` of that nixpkgs tree (the folder that holds
# `lib`) in the place of its own, to see that the library works with a newer one.
#
# Needs nix-instantiate and jq; prints a line per failure and the numbers at the end.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
pkgs=hostpkgs
build=
heavy=

while [ $# -gt 0 ]; do
  case $1 in
    --pkgs) pkgs=${2:?--pkgs needs a folder}; shift 2 ;;
    --build) build=1; shift ;;
    --heavy) heavy=${2:?--heavy needs a name}; shift 2 ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done

if [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ]; then
  host=${MACH_NIX_TEST_NIXPKGS_HOST:-$root/tests/nixpkgs-host}
  pkgs="import $(realpath "$host")/host-nixpkgs.nix { nixpkgs = $(realpath "$MACH_NIX_TEST_NIXPKGS"); packageIndex = \"${PACKAGE_INDEX:-https://pypi.org/simple}\"; }"
elif [ "$pkgs" = hostpkgs ]; then
  pkgs="import $root/hostpkgs { }"
else
  pkgs="import $(realpath "$pkgs") { }"
fi
if [ -n "${MACH_NIX_TEST_LIB:-}" ]; then
  pkgs="let pkgs = $pkgs; in pkgs // { lib = import $(realpath "$MACH_NIX_TEST_LIB")/lib; }"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/nix/flake.sh
. "$here/flake.sh"
passed=0
failed=0

pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  echo "FAIL $1: $2"
}

# evaluate NAME [ATTRIBUTE…]: applies the test set's attribute to the strings that follow, as JSON
evaluate() {
  local call="(import $here { pkgs = ($pkgs); }).$1" string
  shift
  for string in "$@"; do call+=" $(jq -n --arg s "$string" '$s')"; done
  nix-instantiate --eval --read-write-mode --strict --json --expr "$call" 2>"$work/err"
}

oneLine() { tr -s '[:space:]' ' ' <"$1"; }

report() { # report OUTCOME
  local label
  label=$(jq -r '"\(.file) \(.name)"' <<<"$1")
  if [ "$(jq .passed <<<"$1")" = true ]; then
    pass
  else
    fail "$label" "$(jq -r '"expected \(.expected)\n     but got  \(.got)"' <<<"$1")"
  fi
}

runValues() {
  local names file name outcomes outcome
  if evaluate outcomes >"$work/outcomes"; then
    outcomes=$(jq -c '.[]' "$work/outcomes")
    while IFS= read -r outcome; do report "$outcome"; done <<<"$outcomes"
    return
  fi
  # One case fails to evaluate: each on its own, to find which.
  names=$(nix-instantiate --eval --strict --json --expr \
    "builtins.mapAttrs (_: cases: builtins.filter (name: cases.\${name} ? expected) (builtins.attrNames cases)) (import $here { pkgs = ($pkgs); }).cases" \
    | jq -r 'to_entries[] | .key as $file | .value[] | "\($file)\t\(.)"')
  while IFS=$'\t' read -r file name; do
    if evaluate one "$file" "$name" >"$work/outcome"; then
      report "$(cat "$work/outcome")"
    else
      fail "$file $name" "$(oneLine "$work/err")"
    fi
  done <<<"$names"
}

runErrors() {
  local list file name msg
  list=$(evaluate errors | jq -r '.[] | [.file, .name, .msg] | join("\t")')
  while IFS=$'\t' read -r file name msg; do
    if evaluate "cases.\"$file\".\"$name\".expr" >/dev/null; then
      fail "$file $name" "evaluates, but should fail with: $msg"
    elif oneLine "$work/err" | grep -qE -- "$msg"; then
      pass
    else
      fail "$file $name" "the error does not match
     $msg
     $(oneLine "$work/err")"
    fi
  done <<<"$list"
}

nixBuild() { # nixBuild EXPRESSION [OPTION…]
  nix-build --option substituters "" --option sandbox false --no-out-link --expr "$@" >"$work/log" 2>&1
}

namesOf() { nix-instantiate --eval --strict --json --expr "builtins.attrNames ($1)" | jq -r '.[]'; }

runBuilds() { # runBuilds FILE [NAME…]
  local file=$1 set="import $here/$1 { pkgs = $pkgs; }" name
  shift
  if [ $# = 0 ]; then mapfile -t all < <(namesOf "$set"); set -- "${all[@]}"; fi
  for name in "$@"; do
    if nixBuild "($set).$name"; then pass; else fail "$file $name" "$(tail -n 20 "$work/log")"; fi
  done
}

# A server on this machine, so that what reaches it is known to have used the network.
startServer() {
  mkdir -p "$work/served"
  python3 -u -m http.server --bind 127.0.0.1 --directory "$work/served" 0 >"$work/server" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
  until address=$(grep -oE 'http://127.0.0.1:[0-9]+/' "$work/server"); do sleep 0.1; done
}

refused() { # refused NAME LOG [OPTION…]
  local name=$1 log=$2 expression=$3
  shift 3
  if nixBuild "$expression" "$@"; then
    fail "$name" "builds, but should fail with: $log"
  elif oneLine "$work/log" | grep -qE -- "$log"; then
    pass
  else
    fail "$name" "the log does not match
     $log
     $(tail -n 20 "$work/log")"
  fi
}

# The hash of a file or folder as the lock has it.
sri() { # sri FILE [--flat]
  local hex
  hex=$(nix-hash --type sha256 "${@:2}" "$1")
  echo "sha256-$(python3 -c 'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "$hex")"
}

# Sources behind addresses: an archive, a revision of a repository, and a changed archive.
runServed() {
  local repository=$work/repository set git=(git -c user.name=x -c user.email=x@example.org -C "$work/repository")
  tar -czf "$work/served/isolated-1.0.tar.gz" -C "$here/projects" isolated
  tar -cf "$work/served/changed-1.0.tar.gz" -C "$here/projects" isolated
  mkdir -p "$repository/python"
  cp -r "$here/projects/isolated/." "$repository/python"
  "${git[@]}" init --quiet
  "${git[@]}" add -A
  "${git[@]}" commit --quiet -m x
  git clone --quiet --bare "$repository" "$work/served/isolated.git"
  git -C "$work/served/isolated.git" update-server-info
  set="import $here/served.nix { pkgs = $pkgs; } {
    address = \"$address\";
    archiveHash = \"$(sri "$work/served/isolated-1.0.tar.gz" --flat)\";
    repository = \"${address}isolated.git\";
    revision = \"$("${git[@]}" rev-parse HEAD)\";
    narHash = \"$(rm -rf "$work/checkout"; cp -r "$repository" "$work/checkout"; rm -rf "$work/checkout/.git"; sri "$work/checkout")\";
  }"
  for name in archive git; do
    if nixBuild "($set).builds.$name"; then pass; else fail "served.nix $name" "$(tail -n 20 "$work/log")"; fi
  done
  refused "served.nix changed" "hash mismatch" "($set).changed"
  local name
  name=$(nix-instantiate --eval --json --expr "((import $root { pkgs = $pkgs; }).buildPythonPackage \"file://$work/served/isolated-1.0.tar.gz\").name" 2>"$work/log") || true
  if [ "$name" = '"python3.11-isolated-1.0"' ]; then pass; else fail "an archive on this machine" "$name $(cat "$work/log")"; fi
}

# A server with a password, which Nix reads from `netrc-file` and nobody else knows.
runPrivate() {
  local name set found
  python3 -u "$here/private_server.py" "$work/served" me:s3cret >"$work/private" 2>/dev/null &
  private=$!
  trap 'kill "$server" "$private" 2>/dev/null; rm -rf "$work"' EXIT
  until privateAddress=$(grep -oE 'http://127.0.0.1:[0-9]+/' "$work/private"); do sleep 0.1; done
  echo "machine 127.0.0.1 login me password s3cret" >"$work/netrc"
  for name in sdist wheel; do
    # Other contents in each run, so that nothing is in the store yet.
    { cat "$work/served/isolated-1.0.tar.gz"; echo "$RANDOM $$ $name"; } >"$work/served/private-1.0.tar.gz"
    set="(import $here/private.nix { pkgs = $pkgs; }).\"$name\" {
      url = \"${privateAddress}private-1.0.tar.gz\";
      hash = \"$(sri "$work/served/private-1.0.tar.gz" --flat)\";
    }"
    refused "private.nix $name without a password" "401" "$set"
    if nixBuild "$set" --option netrc-file "$work/netrc"; then pass; else fail "private.nix $name" "$(tail -n 20 "$work/log")"; fi
    found=$(nix-instantiate --expr "$set" 2>/dev/null)
    if grep -q s3cret "$found" "$(nix-store -q --outputs "$found")"; then fail "private.nix $name" "the store has the password"; else pass; fi
  done
}

runSourceFailures() {
  local set name log
  set="import $here/source-failures.nix { pkgs = $pkgs; } { address = \"$address\"; }"
  while IFS= read -r name; do
    log=$(nix-instantiate --eval --json --expr "($set).\"$name\".log" | jq -r .)
    refused "source-failures.nix $name" "$log" "($set).\"$name\".drv"
  done < <(namesOf "$set")
  runSandboxed
}

# Without a sandbox nothing keeps a build from opening a socket; with one, Nix does: neither this machine
# nor others (192.0.2.1 is nobody's, RFC 5737, and has no route only where there is no network) are reached.
runSandboxed() {
  local set="(import $here/source.nix { pkgs = $pkgs; }).build"
  local socket="$set \"raw-socket\""
  local sandbox=(--option sandbox true --option sandbox-fallback false --option sandbox-paths "/bin /lib /lib64 /usr")
  if nixBuild "$socket { ADDRESS = \"$address\"; }"; then pass; else fail "a socket" "$(tail -n 20 "$work/log")"; fi
  if [ -n "${MACH_NIX_TEST_WITHOUT_SANDBOX:-}" ]; then
    echo "note: no build was tried in Nix's sandbox, as MACH_NIX_TEST_WITHOUT_SANDBOX has it"
    return
  fi
  if nixBuild "$set \"isolated\" { sandbox = \"$address\"; }" "${sandbox[@]}"; then
    pass
  else
    fail "a build in a sandbox" "$(tail -n 20 "$work/log")
     Where a machine permits no sandbox, MACH_NIX_TEST_WITHOUT_SANDBOX=1 leaves it out."
    return
  fi
  refused "this machine from a sandbox" "Connection refused" "$socket { ADDRESS = \"$address\"; sandbox = \"\"; }" "${sandbox[@]}"
  refused "another machine from a sandbox" "Network is unreachable" "$socket { ADDRESS = \"http://192.0.2.1:80/\"; }" "${sandbox[@]}"
}

names() { # names FILE: of the attributes
  nix-instantiate --eval --strict --json --expr "builtins.attrNames (import $here/$1 { pkgs = ($pkgs); })" | jq -r '.[]'
}

build() { # build FILE [ATTRIBUTE]: prints the path
  nix-build --option substituters "" --option sandbox false --no-out-link \
    --expr "(import $here/$1 { pkgs = ($pkgs); })${2:+.$2}" 2>"$work/log"
}

runFailures() {
  local name msg without
  expected() { nix-instantiate --eval --json --expr "(import $here/failures.nix { pkgs = ($pkgs); }).$name.$1" | jq -r .; }
  for name in $(names failures.nix); do
    msg=$(expected msg)
    without=$(expected without)
    if build failures.nix "$name.drv" >/dev/null; then
      fail "failures.nix $name" "builds, but should fail with: $msg"
    elif oneLine "$work/log" | grep -qE -- "$msg" && ! grep -qE -- "$without" "$work/log"; then
      pass
    else
      fail "failures.nix $name" "$(tail -n 20 "$work/log")"
    fi
  done
}

# Checks of files that programs expect; run by the interpreter of the image.
imageProgram='
import flask, getpass, markupsafe._speedups, os, pwd, socket, ssl, subprocess, tempfile
assert flask.__version__ == "2.1.2"
assert oct(os.stat("/tmp").st_mode)[-4:] == "1777"
with tempfile.TemporaryFile() as file:
    file.write(b"x")
assert pwd.getpwnam("nobody").pw_uid == 65534 and getpass.getuser() == "root"
os.listdir(os.path.expanduser("~"))
assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 50
assert os.environ["SSL_CERT_FILE"].startswith("/nix/store/") and os.path.exists("/etc/ssl/certs/ca-certificates.crt")
print(subprocess.check_output(["/usr/bin/env", "sh", "-c", "echo shell"], text=True), end="")
'

# `nix-shell` on a file that gives an environment, and `nix develop` on a flake that does: they have its Python, and the
# programs of `packagesExtra`.
runShells() {
  # shellcheck disable=SC2016 # the shell expands it
  local folder=$work/shell check='test "$(type -P python)" = "$(type -P flask | xargs dirname)/python" && python -c "import flask" && type -P jq'
  mkdir -p "$folder"
  echo "(import $root { pkgs = $pkgs; python = \"python311\"; }).mkPython {
    requirements = $here/locks/flask/requirements.txt;
    lock = $here/locks/flask/mach-nix.lock;
    packagesExtra = [ ($pkgs).jq ];
  }" | tee "$folder/default.nix" >"$folder/shell.nix"
  echo "{ outputs = _: { packages.x86_64-linux.default = import ./shell.nix; }; }" >"$folder/flake.nix"
  inShell() { # inShell NAME COMMAND…
    local name=$1
    shift
    if (cd "$folder" && PATH=$PATH "$@" >"$work/log" 2>&1); then pass; else fail "$name" "$(tail -n 20 "$work/log")"; fi
  }
  local options=(--option substituters "" --option sandbox false)
  inShell "nix-shell" nix-shell "${options[@]}" --run "$check"
  inShell "nix-shell --pure default.nix" nix-shell "${options[@]}" --pure default.nix --run "$check"
  inShell "nix-shell -A env" nix-shell "${options[@]}" -A env default.nix --run "$check"
  inShell "nix develop" nix --extra-experimental-features "nix-command flakes" "${options[@]}" --option flake-registry "" \
    develop --impure "path:$folder" -c bash -c "$check"
}

# The command of an image with further arguments, in a folder that has nothing but the layers.
inImage() { # inImage NAME IMAGE EXPECTED ARGUMENT…
  local name=$1 image=$2 expected=$3 root=$work/image layer output config run=(chroot)
  local -a command variables
  shift 3
  [ "$(id -u)" = 0 ] || run=(unshare --user --map-root-user chroot)
  rm -rf "$root" "$work/layers"
  mkdir -p "$root" "$work/layers"
  tar -xf "$image" -C "$work/layers"
  for layer in $(jq -r '.[0].Layers[]' "$work/layers/manifest.json"); do
    tar -xf "$work/layers/$layer" -C "$root" --no-same-owner --preserve-permissions --delay-directory-restore
    chmod -R u+w "$root"
  done
  config=$work/layers/$(jq -r '.[0].Config' "$work/layers/manifest.json")
  mapfile -t command < <(jq -r '.config.Cmd[]' "$config")
  mapfile -t variables < <(jq -r '.config.Env[]' "$config")
  if output=$(env -i PATH=/bin HOME=/root "${variables[@]}" "$(command -v "${run[0]}")" "${run[@]:1}" "$root" "${command[@]}" "$@" 2>&1) \
    && [ "$output" = "$expected" ]; then
    pass
  else
    fail "$name" "$output"
  fi
}

runImage() {
  local image
  image=$(build image.nix) || { fail "image.nix" "$(tail -n 20 "$work/log")"; return; }
  inImage "image.nix" "$image" shell -c "$imageProgram"
}

# Conda packages: the programs that unpack and link them, and environments over a channel that is made here.
runConda() {
  local folder=$work/conda set name python prefix
  if python3 "$here/conda/programs_test.py" >"$work/log" 2>&1; then pass; else fail "conda/programs_test.py" "$(cat "$work/log")"; fi
  python3 "$here/conda/channel.py" "$folder" >"$work/log" 2>&1 || { fail "conda/channel.py" "$(cat "$work/log")"; return; }
  set="import $here/conda/environments.nix { pkgs = $pkgs; folder = $folder; }"
  for name in $(namesOf "($set).builds"); do
    if nixBuild "($set).builds.$name"; then pass; else fail "conda/environments.nix $name" "$(tail -n 20 "$work/log")"; fi
  done
  refused "conda/environments.nix other" \
    "error: can't unpack the conda package .pyfoo-3.0-py311h1_0.conda.: the lock has it with the version .3.1., but its .info/index.json. says .3.0.; require another" "($set).other"

  echo "($set).environment" >"$folder/shell.nix"
  # shellcheck disable=SC2016 # the shell expands it
  if (cd "$folder" && nix-shell --option substituters "" --option sandbox false --run '
    set -e
    test "$(foo-tool)" = "42 $CONDA_PREFIX/share/foo $CONDA_PREFIX/etc:$CONDA_PREFIX/share"
    test "$FOO_DATA" = "$CONDA_PREFIX/share/foo"
    test "$(python -c "import subprocess; print(subprocess.check_output([\"bare-program\"], text=True), end=\"\")")" = "bare $FOO_DATA"
    test "$(type -P greet | xargs dirname)" = "$(type -P python | xargs dirname)"
    echo "#include <foo.h>
    int main(void) { return foo(6); }" | cc -x c -o own - -lfoo
    status=0; ./own || status=$?; test $status = 7
  ' >"$work/log" 2>&1); then pass; else fail "conda in nix-shell" "$(tail -n 20 "$work/log")"; fi
  if nixBuild "($set).image"; then
    inImage "conda in an image" "$(tail -n 1 "$work/log")" "[7, 'extra']" -c '
import pyfoo, subprocess
print([pyfoo.call()[0], "extra" if subprocess.check_output(["bare-program"]).startswith(b"bare /nix/store/") else ""])'
  else
    fail "conda in an image" "$(tail -n 20 "$work/log")"
  fi

  python=${MACH_NIX_TEST_PYTHON:-python3}
  if ! "$python" -c 'import rattler' 2>/dev/null; then
    echo "note: environments of conda packages were not compared with those of py-rattler, which $python does not have"
    return
  fi
  prefix=$(nix-build --option substituters "" --option sandbox false --no-out-link --expr "($set).prefix" 2>"$work/log")
  if "$python" "$here/conda/as_rattler.py" "$folder" "$prefix" >"$work/log" 2>&1; then pass; else fail "conda/as_rattler.py" "$(cat "$work/log")"; fi
}

if [ -n "$heavy" ]; then
  if [ "$heavy" = all ]; then runBuilds builds-heavy.nix; else runBuilds builds-heavy.nix "$heavy"; fi
else
  runValues
  runErrors
fi
if [ -n "$build" ]; then
  runBuilds builds.nix
  runBuilds builds-sources.nix
  runBuilds builds-release-3-5.nix
  runBuilds builds-environments.nix
  runBuilds builds-wheels.nix
  runFailures
  runShells
  runImage
  runConda
  runTemplates
  [ -n "${MACH_NIX_TEST_NIXPKGS:-}" ] || runFlakes
  startServer
  runServed
  runPrivate
  runSourceFailures
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
