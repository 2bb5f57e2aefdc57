# The packages of a lock for one target, by name.
{ lib, fail }:

let
  renew = import ./renew.nix { inherit lib; };
  quoted = name: "`${name}`";
  duplicates =
    entries: lib.filterAttrs (_: same: lib.length same > 1) (lib.groupBy (p: p.name) entries);
in
{
  lock,
  # The words that name what is asked for: see internal/asked.nix.
  inputs,
  python,
  system,
}:
let
  show = target: "python ${target.python} on ${target.system}";
  numbered = lib.imap0 (index: target: target // { inherit index; }) lock.targets;
  minor = python.pythonVersion;

  # A target names a minor version, or one with a patch level; then that interpreter is preferred.
  candidates = lib.filter (
    target: target.system == system && lib.versions.majorMinor target.python == minor
  ) numbered;
  exact = lib.filter (target: target.python == python.version or null) candidates;

  otherPython = lib.findFirst (target: target.system == system) null lock.targets;
  hint =
    lib.optionalString (otherPython != null)
      ", or use the interpreter of the lock: `python = \"python${
        lib.replaceStrings [ "." ] [ "" ] (lib.versions.majorMinor otherPython.python)
      }\"`";
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

  target = lib.head (exact ++ candidates);
  entries = lib.filter (
    package: !(package ? targets) || lib.elem target.index package.targets
  ) lock.packages;
  byName = lib.listToAttrs (map (package: lib.nameValuePair package.name package) entries);
in
if candidates == [ ] then
  missing
else if lib.length (lib.attrNames byName) != lib.length entries then
  fail "the lock file `${toString lock.file}` is malformed: it has several entries of ${
    lib.concatMapStringsSep ", " quoted (lib.attrNames (duplicates entries))
  } for ${show target}; make it anew with ${
    renew {
      inherit inputs;
      lock = lock.file;
    }
  }"
else
  byName
