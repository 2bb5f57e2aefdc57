# What `builtins.machNixResolve` does in Nix itself; both doors of the plugin apply these functions.
#
# Nix decides what may be read: `pathExists` realises the context of a string as far as
# import-from-derivation is allowed, and is false for what pure or restricted evaluation forbids.
let
  names = {
    bool = "a boolean";
    float = "a float";
    int = "an integer";
    lambda = "a function";
    list = "a list";
    null = "null";
    path = "a path";
    string = "a string";
  };
in
{
  # The argument of the builtin to a request in JSON.
  request =
    asked:
    let
      paths = builtins.filter (field: builtins.isPath (asked.${field} or null)) [
        "requirements"
        "pyproject"
        "constraints"
      ];
      field = builtins.head paths;
      pypiData = toString asked.pypiData;
    in
    if !builtins.isAttrs asked then
      throw "builtins.machNixResolve takes an attribute set such as { requirements = \"flask\"; python = \"3.12\"; system = \"x86_64-linux\"; pypiData = ./pypi-data; }, but was given ${names.${builtins.typeOf asked}}"
    else if paths != [ ] then
      throw "builtins.machNixResolve: `${field}` is a path: give the text, as in `${field} = builtins.readFile ${toString asked.${field}}`"
    else if !(asked ? pypiData) then
      builtins.toJSON asked
    else if !builtins.pathExists asked.pypiData then
      throw "builtins.machNixResolve: there is no snapshot `${pypiData}` that this evaluation may read: pure evaluation reads files of the flake and of the store only, so add the file to the flake or fetch it"
    else
      builtins.toJSON (asked // { inherit pypiData; });

  # The answer, which is JSON, to the lock as a value, or to the names that nixpkgs has to be asked about.
  answer =
    text:
    let
      answer = builtins.fromJSON text;
    in
    if answer ? error then
      throw answer.error.message
    else if answer ? nixpkgs then
      answer
    else
      builtins.foldl' (
        lock: warning: builtins.trace "mach-nix: warning: ${warning}" lock
      ) answer.lock answer.warnings;
}
