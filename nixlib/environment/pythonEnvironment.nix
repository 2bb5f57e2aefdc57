# The environment of an interpreter and some of its packages, like `python.buildEnv` of nixpkgs and
# with the same arguments. It differs like virtual environments: in files that several packages
# contain (./collisions.py), and in the paths that its programs have of each other (./programs.py).
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
      # With all their requirements, so that nixpkgs need not compute them.
      extraLibs = map (drv: drv // { requiredPythonModules = [ ]; }) (
        lib.tail (pythonModules python extraLibs)
      );
      ignoreCollisions = ignoreCollisions != false;
      # nixpkgs has already wrapped the programs of all packages, one package after the other.
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
