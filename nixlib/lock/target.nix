# The packages of a lock for one target, by name.
{
  lib,
  fail,
  renew,
  condaEntries,
  targetIndex,
  pythonAttribute,
}:

let
  quoted = name: "`${name}`";
in
{
  lock,
  # The command-line arguments for the inputs: see ./lockedFrom.nix.
  inputs,
  python,
  system,
}:
let
  show = target: "python ${target.python} on ${target.system}";
  minor = python.pythonVersion;

  index = targetIndex { inherit lock python system; };

  otherPython = lib.findFirst (target: target.system == system) null lock.targets;
  hint = lib.optionalString (
    otherPython != null
  ) ", or use the interpreter of the lock: `python = \"${pythonAttribute otherPython.python}\"`";
  missing = fail ''
    the lock file `${toString lock.file}` is not made for python ${minor} on ${system}

    It is made for:
    ${lib.concatMapStrings (target: "    ${show target}\n") lock.targets}
    Add the target: ${
      renew {
        inherit inputs;
        lock = lock.file;
        pythons = lib.unique (map (target: target.python) lock.targets ++ [ minor ]);
        systems = lib.unique (map (target: target.system) lock.targets ++ [ system ]);
      }
    }${hint}'';

  entries = lib.filter (
    package: !(package ? targets) || lib.elem index package.targets
  ) lock.packages;
  byName = lib.groupBy (package: package.name) entries;
in
if index == null then
  missing
else if lib.length (lib.attrNames byName) != lib.length entries then
  fail "the lock file `${toString lock.file}` is malformed: it has several entries of ${
    lib.concatMapStringsSep ", " quoted (
      lib.attrNames (lib.filterAttrs (_: same: lib.length same > 1) byName)
    )
  } for ${show (lib.elemAt lock.targets index)}; make it again with ${
    renew {
      inherit inputs;
      lock = lock.file;
    }
  }"
else
  condaEntries {
    inherit (lock.request) requirements;
    packages = lib.mapAttrs (_: lib.head) byName;
  }
