# The query to the build backend of a source: a derivation whose output is a JSON file; see
# ./ask_backend.py.
#
# It is the derivation that builds the source, with another build phase: with the same environment,
# patches and native inputs, and equally isolated.
{ lib }:

let
  scripts = builtins.path {
    name = "mach-nix-build-scripts";
    path = ./.;
    filter = path: _: lib.hasSuffix ".py" path;
  };
in
{
  # The interpreter without the locked packages.
  python,
  name,
  version,
  # Whether the source contains its version.
  versioned,
  # The derivation that builds it, with its `buildEnvironment`, and its `crates` if it has any.
  built,
  # The query, as options of the script.
  options,
}:
built.overrideAttrs (_: {
  name = "${name}-${version}-metadata";
  outputs = [ "out" ];
  phases = [
    "unpackPhase"
    "patchPhase"
    "configurePhase"
    "buildPhase"
  ];
  buildPhase = ''
    runHook preBuild
    ${python.interpreter} -I ${scripts}/ask_backend.py \
      --tools ${python.pkgs.makePythonPath [ python.pkgs.build ]} \
      --environment ${built.buildEnvironment} --site-packages ${python.sitePackages} \
      --version ${lib.escapeShellArg version} \
      ${lib.optionalString (!versioned) "--unversioned"} \
      ${lib.optionalString (built.crates or null != null) "--crates ${built.crates}"} \
      ${lib.escapeShellArgs options} --output "$out"
  '';
})
