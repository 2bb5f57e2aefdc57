# The build phase of a source: ./build_wheel.py puts the wheel into `dist`, from where nixpkgs' hook
# for the install phase takes it.
{ lib }:

{
  # The interpreter without the locked packages.
  python,
  buildEnvironment,
  name,
  version,
  # Whether the source holds its version, as an sdist does and a checkout without `.git` may not.
  versioned,
}:
''
  runHook preBuild
  ${python.interpreter} -I ${./build_wheel.py} \
    --tools ${python.pkgs.makePythonPath [ python.pkgs.build ]} \
    --environment ${buildEnvironment} --site-packages ${python.sitePackages} \
    --name ${lib.escapeShellArg name} --version ${lib.escapeShellArg version} \
    ${lib.optionalString (!versioned) "--unversioned"} ''${pypaBuildFlags[@]-}
  runHook postBuild
''
