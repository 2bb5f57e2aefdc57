# The place in `targets` of the target of a lock that is for an interpreter on a system, or null.
{ lib }:

{
  lock,
  python,
  system,
}:
let
  numbered = lib.imap0 (index: target: target // { inherit index; }) lock.targets;
  # A target names a minor version, or one with a patch level; then that interpreter is preferred.
  candidates = lib.filter (
    target: target.system == system && lib.versions.majorMinor target.python == python.pythonVersion
  ) numbered;
  exact = lib.filter (target: target.python == python.version or null) candidates;
  found = exact ++ candidates;
in
if found == [ ] then null else (lib.head found).index
