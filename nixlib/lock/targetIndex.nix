# The index in `targets` of a lock's target for an interpreter on a system, or null.
{ lib }:

{
  lock,
  python,
  system,
}:
let
  numbered = lib.imap0 (index: target: target // { inherit index; }) lock.targets;
  # A target has a minor version, or a patch level as well; then that interpreter is preferred.
  candidates = lib.filter (
    target: target.system == system && lib.versions.majorMinor target.python == python.pythonVersion
  ) numbered;
  exact = lib.filter (target: target.python == python.version or null) candidates;
  found = exact ++ candidates;
in
if found == [ ] then null else (lib.head found).index
