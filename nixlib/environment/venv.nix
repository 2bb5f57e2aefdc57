# An environment in the form of a virtual environment, for editors and tools: `pyvenv.cfg`, `bin/python`, `bin/activate`, and the
# packages in `lib/python3.x/site-packages`. Everything in it is a link into the environment, except for a `pip` that explains
# why it installs nothing.
{ pkgs }:

let
  # Not as paths: see ./pythonEnvironment.nix.
  script = builtins.toFile "venv.py" (builtins.readFile ./venv.py);
  pip = builtins.toFile "pip.py" (builtins.readFile ./pip.py);
in
environment: python:
pkgs.runCommand "${environment.name}-venv" { preferLocalBuild = true; } ''
  ${python.interpreter} -s ${script} "$out" ${environment} ${python.interpreter} ${python.sitePackages} ${python.version} ${pip}
''
