/**
  A Python project as a package, like nixpkgs' `buildPythonPackage`, with locked dependencies.

  # Inputs

  The path of a project, the address of an archive, or a set of

  `src`
  : the project: a path, an address or a derivation.  A folder is taken without version control,
    caches and what builds leave behind

  `lock`
  : the path of the lock (default: the `mach-nix.lock` of the project).  Made with
    `mach-nix lock --pyproject pyproject.toml`, it also holds what the project is built with;
    otherwise these tools are those of `python.pkgs`

  `pname`, `version`
  : default: as pyproject.toml, setup.cfg or setup.py say it in plain words.  They must be given
    for a derivation as `src`, and where only a build can tell them

  `requirements`
  : what the project requires, as for `mkPython` (default: as its files say it).  Where only a build
    can tell, what was locked is taken

  `requirementsExtra`
  : further requirements, as text

  `extras`
  : names of extras of the project (default: `[ ]`)

  `tests`
  : whether the tests run (default: `false`)

  `python`, `providers`
  : as for `mkPython`

  and everything that nixpkgs' function takes.  Python packages in `nativeBuildInputs` and
  `build-system` are there while the project is built.

  # Type

  ```
  buildPythonPackage :: (Path | String | { src :: Path | String | Derivation; ... }) -> Derivation
  ```

  # Example

  ```nix
  mach-nix.buildPythonPackage ./.
  => «derivation /nix/store/…-python3.11-greeter-1.0.drv»
  ```
*/
{ buildPython }:

buildPython "buildPythonPackage"
