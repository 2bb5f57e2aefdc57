# The argument `packagesExtra`:
#
#     requirements   what they need of the environment, where that is known, as lines
#     programs       the packages that come onto the PATH
#     overlay        the rest, for the Python package set
{
  lib,
  fail,
  attributeName,
  normalName,
  edges,
  buildEntry,
  isModule,
  localProject,
  typeName,
  pythonAttribute,
}:

let
  isSource =
    extra:
    builtins.isPath extra
    || lib.isString extra
    || (lib.isAttrs extra && !(lib.isDerivation extra) && extra ? outPath);

  kind =
    extra:
    if isSource extra then
      "project"
    else if !(lib.isAttrs extra) then
      fail "`packagesExtra` must be a list of paths, addresses and packages, but has ${
        typeName.${builtins.typeOf extra}
      }"
    else if extra ? rCommand then
      "r"
    else if isModule extra && extra ? machNix then
      "project"
    else if isModule extra then
      fail "`packagesExtra` has `${lib.getName extra}`, a Python package of nixpkgs; add `${extra.pname}` to the requirements, with `providers.${attributeName extra.pname} = \"nixpkgs\"`"
    else
      "program";

  # Lines with their origin, which the crate `manifest` shows in messages.
  from = origin: lines: lib.optional (lines != [ ]) "# mach-nix: ${origin}" ++ lines;

  requirementName = line: normalName (lib.head (builtins.match "[ \t]*([A-Za-z0-9._-]*).*" line));
in
{
  # The argument of the environment.
  python,
}:
list:
let
  byKind = lib.groupBy kind list;
  rPackages = byKind.r or [ ];

  projects = map (
    extra:
    if isSource extra then
      localProject "buildPythonPackage" {
        src = extra;
        inherit python;
      }
    else
      extra.machNix
  ) (byKind.project or [ ]);
  lockedProjects = lib.filter (project: project.hasLock) projects;
in
{
  requirements =
    lib.concatMap (
      project:
      if project.hasLock then
        [ ]
      else
        from "the requirements of ${project.name}" (
          if project.requirements != null then project.requirements else project.asked.requirements
        )
    ) projects
    ++ from "what R packages need" (lib.optional (rPackages != [ ]) "rpy2");

  programs = byKind.program or [ ];

  overlay =
    {
      # The interpreter without the overlay.
      python,
      # The locked packages of the environment.
      packages,
    }:
    pySelf: pySuper:
    let
      checked =
        project:
        if project.python.pythonVersion == python.pythonVersion then
          project
        else
          fail "`${project.name}` of `packagesExtra` is for python ${project.python.pythonVersion}, but the environment has python ${python.pythonVersion}; build it with `python = \"${pythonAttribute python.pythonVersion}\"`";

      # A single version of each package, from any lock.
      join =
        all: project:
        all
        // lib.mapAttrs (
          name: package:
          if all.${name}.version or package.version == package.version then
            all.${name} or package
          else
            fail "`${project.name}` of `packagesExtra` is locked with `${name}` ${package.version}, but the environment has ${all.${name}.version}; lock them together, or with the same version"
        ) (checked project).packages;
      all = lib.foldl' join packages lockedProjects;
      added = builtins.removeAttrs all (lib.attrNames packages);

      locked = lib.mapAttrs (name: _: pySelf.${name}) all;
      dependencyNames = lib.mapAttrs (_: edges all) all;

      dependencies =
        project:
        if project.hasLock then
          lib.attrNames project.packages
        else if project.requirements == null then
          lib.attrNames packages
        else
          lib.concatMap (
            line:
            let
              name = requirementName line;
            in
            if all ? ${name} then
              [ name ]
            # It may not be for this system; the check of the wheel reports that.
            else if lib.hasInfix ";" line then
              [ ]
            else
              fail "`${project.name}` of `packagesExtra` requires `${line}`, which the lock of the environment lacks; add it to the requirements and renew the lock"
          ) project.requirements;

      derivations = lib.listToAttrs (
        map (
          project:
          lib.nameValuePair project.name (
            (checked project).build (map (name: pySelf.${name}) (dependencies project))
          )
        ) projects
      );

      rpy2 = lib.optionalAttrs (rPackages != [ ]) {
        rpy2 = pySuper.rpy2.overridePythonAttrs (old: {
          buildInputs = old.buildInputs or [ ] ++ rPackages;
        });
      };
    in
    assert lockedProjects == [ ] || lib.all (package: package ? version) (lib.attrValues all);
    assert
      rPackages == [ ]
      || all ? rpy2
      || fail "R packages in `packagesExtra` need `rpy2`; add it to the requirements and renew the lock";
    lib.mapAttrs (
      _: package:
      buildEntry {
        inherit
          python
          package
          locked
          dependencyNames
          ;
      }
    ) added
    // rpy2
    // derivations
    // {
      selectPkgs =
        ps: pySuper.selectPkgs ps ++ map (name: ps.${name}) (lib.attrNames (added // derivations));
    };
}
