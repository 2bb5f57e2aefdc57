# The build of a source as attributes of its derivation: ./build_wheel.py puts the wheel into `dist`,
# from where nixpkgs' hook for the install phase takes it.
{ lib, attributeName }:

let
  # Not as a path: the script has to be the same file in the store wherever the library is (docs/decisions/0034).
  script = builtins.toFile "build_wheel.py" (builtins.readFile ./build_wheel.py);
in
{
  # The interpreter without the locked packages.
  python,
  buildEnvironment,
  # The crates that it is built with (./cargo.nix), or null.
  crates ? null,
  name,
  version,
  # Whether the source holds its version, as an sdist does and a checkout without `.git` may not.
  versioned,
  # Whether what the wheel requires must be among the inputs.
  checkRequirements ? false,
}:
{
  buildPhase = ''
    runHook preBuild
    ${
      lib.optionalString (crates != null) ''
        # cargo would take all cores.
        export CARGO_BUILD_JOBS=$NIX_BUILD_CORES
      ''
    }${python.interpreter} -I ${script} \
      --tools ${python.pkgs.makePythonPath [ python.pkgs.build ]} \
      --environment ${buildEnvironment} --site-packages ${python.sitePackages} \
      --name ${lib.escapeShellArg name} --attribute ${lib.escapeShellArg (attributeName name)} \
      --version ${lib.escapeShellArg version} \
      ${lib.optionalString (crates != null) "--crates ${crates}"} \
      ${
        lib.optionalString (!versioned) "--unversioned"
      } ${lib.optionalString checkRequirements "--check-requirements"} ''${pypaBuildFlags[@]-}
    runHook postBuild
  '';

  # Builds write down by what they were made (numpy in its configuration, Rust where a panic comes
  # from).  For pip that place is gone afterwards, so nothing needs it; kept, it would bring the compilers
  # of the build into every environment.
  preFixupPhases = [ "forgetBuildEnvironmentPhase" ];
  forgetBuildEnvironmentPhase = ''
    for path in ${buildEnvironment} ${lib.optionalString (crates != null) crates}; do
      hash=$(basename "$path")
      hash=''${hash%%-*}
      for output in $(getAllOutputNames); do
        if [ -d "''${!output}" ]; then
          { grep -rlFZ "$hash" "''${!output}" || true; } | LC_ALL=C xargs -0 -r sed -i "s/$hash/''${hash//?/e}/g"
        fi
      done
    done
  '';
}
