# The source of a locked entry: a file of an index or at another URL, a revision of a git
# repository, or a path next to the lock file.
#
# Returns attributes for a derivation: `src`, and `postUnpack` for a project in a subdirectory.
{
  lib,
  pkgs,
  fail,
  sourceFolder,
}:

let
  # `!` (of an epoch) is the only character of file names that is not allowed in store names. Its
  # replacement must not be `-`, which separates the parts of a file name.
  storeName =
    file:
    if builtins.match "[A-Za-z0-9+._-]*" file != null then
      file
    else
      lib.concatMapStrings (part: if builtins.isList part then "_" else part) (
        builtins.split "[^A-Za-z0-9+._-]" file
      );

  proxies = [
    "http_proxy"
    "https_proxy"
    "ftp_proxy"
    "all_proxy"
    "no_proxy"
  ];

  ofFile =
    package:
    let
      name = storeName package.file;
    in
    # Downloaded by Nix itself, without a shell and curl, so that `netrc-file` and `hashed-mirrors`
    # of nix.conf apply.
    if
      builtins.match "https?://[^/@]+/[^#]*" package.url != null
      && builtins.match "sha256-.*" package.hash != null
    then
      derivation {
        inherit name;
        inherit (package) url;
        urls = [ package.url ];
        builder = "builtin:fetchurl";
        system = "builtin";
        outputHash = package.hash;
        outputHashAlgo = "sha256";
        outputHashMode = "flat";
        executable = false;
        unpack = false;
        preferLocalBuild = true;
        impureEnvVars = proxies;
      }
    else
      pkgs.fetchurl {
        inherit name;
        inherit (package) url hash;
      };

  # The hash is that of a checkout, as in pip: with submodules, and without the effects of `git
  # archive` (export-subst, export-ignore). `builtins.fetchGit` of Nix before 2.20 creates an
  # archive.
  ofGit =
    package:
    pkgs.fetchgit {
      inherit (package.git) url rev;
      inherit (package) hash;
      fetchSubmodules = true;
    };

  ofPath =
    package:
    let
      path = package.folder + "/${package.path}";
    in
    if lib.hasPrefix "/" package.path then
      fail "package `${package.name}` is locked from the absolute path `${package.path}`; lock it from a path relative to the lock file"
    else if !(builtins.pathExists path) then
      fail "package `${package.name}` is locked from `${package.path}`, but there is no `${toString path}` (in a flake, `git add` it)"
    else if package ? hash then
      builtins.path {
        inherit path;
        name = storeName package.file;
        recursive = false;
        sha256 = package.hash;
      }
    else
      sourceFolder package.name path;

  subdirectory = package: package.subdirectory or package.git.subdirectory or null;

  src =
    package:
    if package ? git then
      ofGit package
    else if package ? path then
      ofPath package
    else
      ofFile package;
in
package:
if subdirectory package == null then
  { src = src package; }
else
  {
    src = src package;
    postUnpack = ''
      sourceRoot+=/${lib.escapeShellArg (subdirectory package)}
    '';
  }
