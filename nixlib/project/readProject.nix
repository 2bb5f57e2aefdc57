# The static metadata of a Python project:
#
#     name, version    text, or null where only a build can tell
#     requirements     [ "…" ] with those of the extras, or null where only a build can tell
#     scripts          the names of its console scripts, as far as files say it
#     buildRequires    what its build needs (PEP 518), as far as files say it
#
# pyproject.toml (PEP 621) comes first, then the arguments of `setup` in setup.py, then setup.cfg.
{
  lib,
  fail,
  normalName,
  setupCfg,
  setupPy,
}:

let
  # setuptools before 70.1 requires wheel when it builds one.
  withWheel =
    requires:
    let
      named =
        name: lib.any (line: builtins.match "[ ]*${name}([^A-Za-z0-9._-].*)?" line != null) requires;
    in
    requires ++ lib.optional (named "setuptools" && !(named "wheel")) "wheel";

  readIf =
    file: default: read:
    if builtins.pathExists file then read file else default;

  withExtras =
    {
      name,
      requirements,
      optional,
      extras,
    }:
    let
      byName = lib.mapAttrs' (extra: lib.nameValuePair (normalName extra)) optional;
      ofExtra =
        extra:
        byName.${normalName extra} or (fail "the project has no extra `${extra}`; it has ${
          if byName == { } then
            "none"
          else
            lib.concatMapStringsSep ", " (name: "`${name}`") (lib.attrNames byName)
        }");
      all = requirements ++ lib.concatMap ofExtra extras;
      # An extra that consists of other extras; the resolver reads it.
      isOwn = line: normalName (lib.head (builtins.match "([A-Za-z0-9._-]*).*" line)) == normalName name;
    in
    if name != null && lib.any isOwn all then null else all;

  ofPyproject =
    toml: extras:
    let
      project = toml.project or { };
      poetry = toml.tool.poetry or { };
      dynamic = project.dynamic or [ ];
      name = project.name or poetry.name or null;
      isStatic =
        !(lib.elem "dependencies" dynamic)
        && (extras == [ ] || !(lib.elem "optional-dependencies" dynamic));
    in
    {
      inherit name;
      version = project.version or poetry.version or null;
      requirements =
        if toml ? project && isStatic then
          withExtras {
            inherit name extras;
            requirements = project.dependencies or [ ];
            optional = project.optional-dependencies or { };
          }
        else
          null;
      scripts = lib.attrNames (project.scripts or poetry.scripts or { });
    };

  ofSetupCfg =
    sections: extras:
    let
      metadata = sections.metadata or { };
      options = sections.options or { };
      # `attr:` and `file:` need a build.
      one =
        values:
        if values == [ ] || builtins.match "(attr|file):.*" (lib.head values) != null then
          null
        else
          lib.head values;
      # On one line they are separated by `;`, which in a list of lines begins a marker.
      list = values: if lib.length values == 1 then lib.splitString ";" (lib.head values) else values;
      name = one (metadata.name or [ ]);
    in
    {
      inherit name;
      version = one (metadata.version or [ ]);
      requirements =
        if sections ? options && one (options.install_requires or [ "" ]) != null then
          withExtras {
            inherit name extras;
            requirements = list (options.install_requires or [ ]);
            optional = lib.mapAttrs (_: list) (sections."options.extras_require" or { });
          }
        else
          null;
      scripts = map (line: lib.head (builtins.match "([^= \t]*).*" line)) (
        sections."options.entry_points".console_scripts or [ ]
      );
    };

  # Without running it, setup.py provides only literal arguments.
  ofSetupPy =
    arguments:
    let
      # Values that setuptools would normalize differently are read from a build, too.
      literal =
        argument:
        let
          value = arguments.${argument} or null;
        in
        if value != null && builtins.match "[A-Za-z0-9._+!-]+" value != null then value else null;
    in
    {
      name = literal "name";
      version = literal "version";
      requirements = null;
      scripts = [ ];
    };

  # In setuptools, the arguments of `setup` override setup.cfg.
  withoutArguments =
    arguments: ofCfg:
    ofCfg
    // lib.optionalAttrs (arguments ? name) { name = null; }
    // lib.optionalAttrs (arguments ? version) { version = null; }
    // lib.optionalAttrs (arguments ? install_requires || arguments ? extras_require) {
      requirements = null;
    };
in
{
  folder,
  extras ? [ ],
}:
let
  toml = readIf (folder + "/pyproject.toml") { } (file: builtins.fromTOML (builtins.readFile file));
  sections = readIf (folder + "/setup.cfg") { } (file: setupCfg (builtins.readFile file));
  code = readIf (folder + "/setup.py") "" builtins.readFile;
  arguments = setupPy code;

  sources = [
    (ofPyproject toml extras)
    (withoutArguments arguments (ofSetupCfg sections extras))
    (ofSetupPy arguments)
  ];
  first = field: lib.findFirst (value: value != null) null (map (source: source.${field}) sources);
  isPython = toml != { } || sections != { } || code != "";
in
if !isPython then
  fail "there is no Python project in `${toString folder}`: it has neither pyproject.toml nor setup.cfg nor setup.py"
else
  {
    name = first "name";
    version = first "version";
    # With `[project]`, the other files have no requirements.
    requirements = if toml ? project then (lib.head sources).requirements else first "requirements";
    scripts = lib.concatMap (source: source.scripts) sources;
    buildRequires = withWheel (toml.build-system.requires or [ "setuptools" ]);
  }
