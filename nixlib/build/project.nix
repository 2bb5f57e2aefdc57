# A local project as a derivation: nixpkgs' `buildPythonPackage` or `buildPythonApplication` with
# the project's metadata and its locked packages.
{
  lib,
  cargo,
  compat,
  sourceEnvironment,
  wheelPhase,
  isModule,
  buildEntry,
}:

let
  # Formats other than a wheel built from a source.
  isOther =
    arguments:
    arguments.pyproject or null == false
    || lib.elem arguments.format or null [
      "egg"
      "other"
      "wheel"
    ];
in
{
  # The interpreter without the locked packages.
  python,
  # "buildPythonPackage" or "buildPythonApplication"
  function,
  name,
  version,
  src,
  # The locked build environment, and additional Python packages.
  buildPackages,
  buildTools,
  # The locked crates of its Rust code, or null.
  buildCrates ? null,
  # The derivations of its dependencies.
  dependencies,
  tests,
  # The arguments of the user for nixpkgs' function.
  arguments,
}:
let
  buildInputs = compat.buildInputsOf arguments;

  buildEnvironment = sourceEnvironment {
    inherit python buildEntry;
    packages = buildPackages;
    # The build does not have the inputs of nixpkgs' function by itself.
    tools = buildTools ++ lib.filter isModule buildInputs;
  };

  fromSource =
    compat.pyproject python
    // wheelPhase {
      inherit
        python
        name
        version
        buildEnvironment
        ;
      versioned = false;
      checkRequirements = true;
      crates = if buildCrates == null then null else cargo.crates buildCrates;
    };
in
python.pkgs.${function} (
  {
    pname = name;
    inherit version src;
    doCheck = tests;
    # The resolver ensures a single version per name.
    catchConflicts = false;
    # The check of an older nixpkgs rejects metadata of newer build tools; that of ./build_wheel.py
    # reads only requirements.
    dontCheckRuntimeDeps = true;
  }
  // lib.optionalAttrs (!isOther arguments) fromSource
  // (
    if isOther arguments then
      arguments
    else
      builtins.removeAttrs arguments [
        "format"
        "pyproject"
      ]
  )
  // {
    propagatedBuildInputs = dependencies ++ arguments.propagatedBuildInputs or [ ];
    passthru = {
      inherit buildEnvironment;
    }
    // arguments.passthru or { };
  }
  // lib.optionalAttrs (buildCrates != null && !isOther arguments) {
    nativeBuildInputs = arguments.nativeBuildInputs or [ ] ++ cargo.nativeBuildInputs;
  }
)
