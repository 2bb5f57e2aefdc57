# A project that is imported from its folder, as a Python package: metadata, programs, and the folder on the module path.
# Nothing of the project itself is in the store.
{ lib, pkgs }:

# The interpreter.
python:
{
  name,
  version,
  # The root of the project, and the folders with its modules.
  root,
  paths,
  # The lines of METADATA.
  metadata,
  # By group: the names, with what they refer to, as `module:attribute`.
  entryPoints,
  ...
}:
let
  distribution = lib.replaceStrings [ "-" ] [ "_" ] name;
  groups = lib.mapAttrsToList (
    group: entries:
    "[${group}]\n" + lib.concatStrings (lib.mapAttrsToList (name: to: "${name} = ${to}\n") entries)
  ) entryPoints;
  programs = (entryPoints.console_scripts or { }) // (entryPoints.gui_scripts or { });

  # As installers write them.
  program =
    to:
    let
      parts = lib.splitString ":" (lib.head (lib.splitString "[" (lib.replaceStrings [ " " ] [ "" ] to)));
      object = lib.last parts;
    in
    ''
      #!${python.interpreter}
      import sys
      from ${lib.head parts} import ${lib.head (lib.splitString "." object)}
      if __name__ == "__main__":
          sys.exit(${object}())
    '';

  files = {
    "${python.sitePackages}/__editable__.${distribution}.pth" = lib.concatMapStrings (
      path: path + "\n"
    ) paths;
    "${info}/METADATA" = metadata;
    "${info}/INSTALLER" = "mach-nix\n";
    "${info}/entry_points.txt" = lib.concatStringsSep "\n" groups;
    "${info}/direct_url.json" = builtins.toJSON {
      url = "file://${root}";
      dir_info.editable = true;
    };
  }
  // lib.mapAttrs' (name: to: lib.nameValuePair "bin/${name}" (program to)) programs;
  info = "${python.sitePackages}/${distribution}-${version}.dist-info";
in
python.pkgs.toPythonModule (
  pkgs.runCommand "${name}-${version}-editable"
    {
      pname = name;
      inherit version;
      files = builtins.toJSON files;
      passAsFile = [ "files" ];
      preferLocalBuild = true;
    }
    ''
      ${python.interpreter} -s - <<'EOF'
      import json, os, pathlib
      out = pathlib.Path(os.environ["out"])
      for name, text in json.load(open(os.environ["filesPath"], encoding="utf-8")).items():
          path = out / name
          path.parent.mkdir(parents=True, exist_ok=True)
          path.write_text(text, encoding="utf-8")
          if name.startswith("bin/"):
              path.chmod(0o555)
      EOF
    ''
)
