# The build of a source as attributes of its derivation: ./build_wheel.py writes the wheel to
# `dist`, where nixpkgs' hook for the install phase finds it.
{ lib, attributeName }:

let
  # Not as a path: the script has to be the same file in the store wherever the library is (docs/decisions/0034).
  script = builtins.toFile "build_wheel.py" (builtins.readFile ./build_wheel.py);
in
{
  # The interpreter without the locked packages.
  python,
  buildEnvironment,
  # The crates of its Rust code (./cargo.nix), or null.
  crates ? null,
  name,
  version,
  # Whether the source contains its version, as an sdist does and a checkout without `.git` may not.
  versioned,
  # Whether the requirements of the wheel must be among the inputs.
  checkRequirements ? false,
}:
{
  buildPhase = ''
    runHook preBuild
    ${
      lib.optionalString (crates != null) ''
        # By default, cargo uses all cores.
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

  # Builds record the paths of their tools (numpy in its configuration, Rust in the locations of
  # panics). With pip these paths no longer exist afterwards, so that nothing needs them; as
  # references, they would add the compilers to every environment.
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
