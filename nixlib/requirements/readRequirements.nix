# The `requirements` argument: { lines; text; path; isEnvironment; }, where `lines` are in the form of the digest
# and `path` is null for a text. An `environment.yml` is known by its name, or by its text as in 3.5.
{
  lib,
  fail,
  typeName,
  digest,
}:

let
  # The lines that refer to another file, as `{ option; file; }`.
  included =
    lines:
    lib.concatMap (
      line:
      let
        found = builtins.match "(- +)*(-r|-c|--requirement|--constraint)[ =]?(.*)" line;
      in
      lib.optional (found != null) {
        inherit line;
        file = lib.elemAt found 2;
      }
    ) (lib.filter (lib.hasPrefix "-") lines);

  isYaml = name: lib.hasSuffix ".yml" name || lib.hasSuffix ".yaml" name;
  hasDependencies = text: lib.hasInfix "\ndependencies:" "\n${text}";

  # Selectors are comments that mean something (crates/manifest/src/environment.rs).
  linesOf =
    isEnvironment: text:
    digest.lines (
      if isEnvironment then
        lib.replaceStrings [ "#[" ] [ "[" ] (lib.replaceStrings [ "# [" ] [ "[" ] text)
      else
        text
    );

  ofText =
    text:
    let
      isEnvironment = hasDependencies text;
      lines = linesOf isEnvironment text;
      files = included lines;
    in
    if files != [ ] then
      fail "`requirements` is a text with the line `${(lib.head files).line}`, and a text has no folder to find that file in; give the path: `requirements = ./requirements.txt`"
    else
      {
        inherit lines text isEnvironment;
        path = null;
      };

  ofPath =
    path:
    let
      text = builtins.readFile path;
      isEnvironment = isYaml (toString path);
      lines = linesOf isEnvironment text;
      files = included lines;
      inherit (lib.head files) line file;
    in
    if !builtins.pathExists path then
      fail "there is no file `${toString path}` for `requirements` (in a flake, `git add` it)"
    else if files != [ ] then
      fail "`${toString path}` has the line `${line}`, and files within files are not read; copy the lines of `${file}` into it and renew the lock with `mach-nix lock -r ${baseNameOf path}`"
    else
      {
        inherit
          lines
          text
          path
          isEnvironment
          ;
      };
in
requirements:
if builtins.isPath requirements then
  ofPath requirements
else if builtins.isString requirements then
  ofText requirements
else
  fail "`requirements` must be the path of a requirements.txt or its text, but is ${
    typeName.${builtins.typeOf requirements}
  }"
