# The environment of an interpreter and some of its packages, as `python.buildEnv` of nixpkgs makes it and with the same
# arguments.  It differs where virtual environments do: in the files that several packages have (./collisions.py), and in
# what its programs see of each other (./programs.py).
{ lib, pythonModules }:

let
  # Not as paths: they have to be the same files in the store wherever the library is (docs/decisions/0034).
  scripts = lib.mapAttrs builtins.toFile {
    "collisions.py" = builtins.readFile ./collisions.py;
    "merge.py" = builtins.readFile ./merge.py;
    "programs.py" = builtins.readFile ./programs.py;
  };
  folder = "\"$NIX_BUILD_TOP/environment\"";
in
# The interpreter.
python:
lib.makeOverridable (
  {
    extraLibs ? [ ],
    # A boolean, or the list of patterns of ./collisions.py.
    ignoreCollisions ? false,
    makeWrapperArgs ? [ ],
    postBuild ? "",
    ...
  }@arguments:
  let
    run =
      script: words:
      "${python.interpreter} -s ${folder}/${script} \"$out\" ${python.sitePackages} ${words}";
    wrap = "makeWrapper \"$program\" \"$out/bin/$name\" ${toString makeWrapperArgs}";
  in
  (python.buildEnv.override (
    arguments
    // {
      # With all that they require, so that nixpkgs need not look for it.
      extraLibs = map (drv: drv // { requiredPythonModules = [ ]; }) (
        lib.tail (pythonModules python extraLibs)
      );
      ignoreCollisions = ignoreCollisions != false;
      # By then nixpkgs has wrapped the programs of all packages, one package after the other.
      postBuild = ''
        ${run "programs.py" "${python.executable} ${python} ${folder}/programs.json"} >${folder}/others
        while read -r name program packages; do
          if [ "$packages" -gt 1 ]; then
            rm -f "$out/bin/$name"
            ${wrap}
          fi
          wrapProgram "$out/bin/$name" --prefix PATH : "$out/bin"
        done <${folder}/others
      ''
      + postBuild;
    }
  )).overrideAttrs
    (_: {
      buildCommand = ''
        mkdir ${folder}
        ${lib.concatStrings (lib.mapAttrsToList (name: file: "cp ${file} ${folder}/${name}\n") scripts)}
        ${run "merge.py" "${python} ${folder}/programs.json ${lib.escapeShellArg (builtins.toJSON ignoreCollisions)}"}
        eval "$postBuild"
      '';
    })
)
