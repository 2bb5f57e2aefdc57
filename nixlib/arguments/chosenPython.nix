# The interpreter of a call: the given one, that of the import, or the default of nixpkgs. A lock that is not made for that
# default decides itself.
{
  lib,
  pkgs,
  python,
  interpreter,
  pythonAttribute,
}:

arguments:
let
  lock = arguments.lock or null;
  isGiven = (arguments.python or null) != null || python != null;

  # Errors in the file are those of lock/read.nix.
  isFile =
    (builtins.isPath lock || (builtins.isString lock && lib.hasPrefix "/" lock))
    && builtins.pathExists lock;
  text = builtins.readFile lock;
  isObject = lib.hasPrefix "{" text && lib.replaceStrings [ "<<<<<<< " ] [ "" ] text == text;
  data =
    if lib.isAttrs lock then
      lock
    else if isFile && isObject then
      builtins.addErrorContext "while reading the lock file `${toString lock}`" (builtins.fromJSON text)
    else
      { };

  isTarget =
    target:
    builtins.isString (target.python or null)
    && target.system or null == pkgs.stdenv.hostPlatform.system;
  targets = if lib.isList data.targets or null then lib.filter isTarget data.targets else [ ];
  versions = map (target: lib.versions.majorMinor target.python) targets;
  attributes = lib.filter (name: pkgs ? ${name}) (map pythonAttribute versions);
in
if isGiven || lib.elem pkgs.python3.pythonVersion versions || attributes == [ ] then
  interpreter (arguments.python or null)
else
  pkgs.${lib.head attributes}
