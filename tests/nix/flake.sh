# shellcheck shell=bash disable=SC2154
# Tests of the flake and its template, for ./run.sh, which has `fail`, `pass`, `$here`, `$root`, `$pkgs` and `$work`.

flakes() { nix --extra-experimental-features 'nix-command flakes' --option substituters "" --option sandbox false "$@"; }

# A flake in the place of nixpkgs: hostpkgs, and for what it lacks something that can be evaluated.
packageSetFlake() {
  mkdir -p "$work/nixpkgs"
  cp -r "$root/hostpkgs" "$work/nixpkgs/hostpkgs"
  cat >"$work/nixpkgs/flake.nix" <<'NIX'
{
  outputs =
    _:
    let
      lib = import ./hostpkgs/lib;
      set =
        system:
        (import ./hostpkgs { inherit system; }).extend (
          final: _:
          {
            rustPlatform.buildRustPackage =
              args: final.stdenv.mkDerivation (builtins.removeAttrs args [ "cargoLock" ] // { buildCommand = "mkdir $out"; });
          }
          // lib.genAttrs [ "clippy" "nixfmt" "nixfmt-rfc-style" "rustfmt" "shellcheck" ] (_: final.jq)
        );
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] set;
    };
}
NIX
}

# What git knows of, because the folders of builds are large.
copyRepository() {
  local file
  mkdir -p "$work/mach-nix"
  while IFS= read -r -d '' file; do
    [ ! -f "$root/$file" ] || (cd "$root" && cp --parents "$file" "$work/mach-nix")
  done < <(git -C "$root" ls-files -z --cached --others --exclude-standard)
}

runFlake() {
  local name=$1
  shift
  if flakes "$@" >"$work/log" 2>&1; then pass; else fail "$name" "$(tail -n 20 "$work/log")"; fi
}

# Needs only hostpkgs: a tree over the host's tools reads files of the host, which a pure evaluation does not.
runFlakes() {
  local flake=path:$work/mach-nix app=path:$work/app inputs=(--override-input nixpkgs "path:$work/nixpkgs")
  packageSetFlake
  copyRepository
  runFlake "flake lock" flake lock "${inputs[@]}" "$flake"
  runFlake "flake check without builds" flake check --no-build "$flake"
  runFlake "flake check" flake check "$flake"
  runFlake "packages.gen" build --no-link "$flake#gen"

  runFlake "flake new" flake new -t "$flake" "$work/app"
  # The lock of the application pins mach-nix for nix-build as well.
  runFlake "lock of the template" flake lock "${inputs[@]}" --override-input mach-nix "$flake" "$app"
  runFlake "flake of the template" build --no-link "$app"
  runTemplate "template with flake.lock" "$work/app"
}

runTemplate() { # runTemplate NAME FOLDER [OPTION…]
  echo "_: $pkgs" >"$work/nixpkgs.nix"
  if (cd "$2" && NIX_PATH="nixpkgs=$work/nixpkgs.nix" nix-build --option substituters "" --option sandbox false "${@:3}") >"$work/log" 2>&1 \
    && "$2/result/bin/flask" --version >>"$work/log" 2>&1; then
    pass
  else
    fail "$1" "$(tail -n 20 "$work/log")"
  fi
}

runTemplates() {
  cp -r "$root/examples/flask-weather" "$work/template"
  runTemplate "template with NIX_PATH" "$work/template" -I "mach-nix=$root"
}
