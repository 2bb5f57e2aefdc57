# With a program that writes the lock down as told; tests/ways does the same with the real one.
{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.pythonWith: ${message}";
  # It is called as `mach-nix lock --query FILE --output lock`.
  program = pkgs.writeScript "mach-nix" ''
    #!${pkgs.runtimeShell}
    if grep -qF '"requirements":"flask\nclick"' "$3"; then
      printf '{"lock": %s, "warnings": []}' "$(cat ${lockFile.file { }})"
    else
      echo '{"error": {"class": "impossible", "message": "only flask and click"}}'
      exit 1
    fi
  '';
  byNames =
    (scope {
      inherit lib pkgs fail;
      python = "python311";
      pypiData = builtins.toFile "common.snapshot" "";
      package = "${program}";
    }).pythonByNames;
  environments = byNames (environment: environment);
in
{
  "the packages are the requirements" = {
    expr =
      let
        found = environments.flask.click;
      in
      {
        built = lib.isString found.drvPath;
        click = found._passthru.python.pkgs.click.version;
      };
    expected = {
      built = true;
      click = "8.1.3";
    };
  };
  "a refusal" = {
    expr = environments.flask.drvPath;
    expectedError.msg = "mach-nix.pythonWith: only flask and click";
  };
  "no names" = {
    expr = environments.drvPath;
    expectedError.msg = "mach-nix.pythonWith: packages are missing; write their names behind it, as in `flask.requests`";
  };
  "what is made of the environment" = {
    expr = (byNames (environment: environment.dockerImage)).flask.click.name;
    expected = "mach-nix-python.tar.gz";
  };
  "the names are in order and there once" = {
    expr =
      let
        names = lib.importJSON ../snapshot/names.json;
      in
      names == lib.unique (lib.sort (a: b: a < b) names) && lib.elem "jupyterlab" names;
    expected = true;
  };
}
