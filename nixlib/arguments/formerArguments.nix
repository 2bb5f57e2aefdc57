# The arguments of earlier releases, and their replacements.
{ }:

let
  same = value: value;
  database = "there is no central database any more; `mach-nix lock --exclude-newer DATE` fixes the state of the index";
in
{
  # Renamed, with a warning.
  renamed = {
    add_requirements = {
      name = "requirementsExtra";
      value = same;
    };
    disable_checks = {
      name = "tests";
      value = disabled: !disabled;
    };
    extra_pkgs = {
      name = "packagesExtra";
      value = same;
    };
    pkgsExtra = {
      name = "packagesExtra";
      value = same;
    };
    overrides_pre = {
      name = "overridesPre";
      value = same;
    };
    overrides_post = {
      name = "overridesPost";
      value = same;
    };
    _provider_defaults = {
      name = "_providerDefaults";
      value = same;
    };
    python_attr = {
      name = "python";
      value = same;
    };
  };

  # Ignored, with a warning that gives the reason.
  ignored = {
    ignoreDataOutdated = database;
    dataOutdated = database;
  };

  # Rejected, with the remedy.
  removed = {
    pkgs = "give `pkgs` to the import: `import mach-nix { pkgs = …; }`";
    nixpkgs_commit = "give `pkgs` to the import: `import mach-nix { pkgs = …; }`";
    nixpkgs_tarball_sha256 = "give `pkgs` to the import: `import mach-nix { pkgs = …; }`";
    prefer_nixpkgs = "write `providers._default = \"nixpkgs,wheel,sdist\"`";
    pypi_deps_db_commit = database;
    pypi_deps_db_sha256 = database;
    pypiDataRev = database;
    pypiDataSha256 = database;
    condaDataRev = database;
    condaDataSha256 = database;
  };
}
