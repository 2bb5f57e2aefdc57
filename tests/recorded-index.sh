# shellcheck shell=bash
# The recorded index for the tests that are scripts; to be sourced.

# start_index MACH_NIX LOG [OPTION…]: serves the snapshot that ships and the pages of fixtures/index, next to which MACH_NIX was
# built, and exports MACH_NIX_INDEX_URL; `index_server` is the process, which the caller stops.
start_index() {
  local here program
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  program=${MACH_NIX_TEST_RECORDED_INDEX:-$(dirname "$1")/recorded-index}
  [ -x "$program" ] || { echo "there is no $program: run \`cargo build --workspace\`" >&2 && return 1; }
  : >"$2"
  "$program" "$here/../nixlib/snapshot/common.snapshot" "$here/../fixtures/index" "${@:3}" >"$2" &
  index_server=$!
  until grep -q . "$2"; do
    kill -0 "$index_server" || return 1
    sleep 0.1
  done
  MACH_NIX_INDEX_URL=$(cat "$2")
  export MACH_NIX_INDEX_URL
}
