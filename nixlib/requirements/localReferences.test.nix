{ lib, scope, ... }:

let
  local = (scope { inherit lib; }).localReferences;
  ofText = requirements: local { request = { inherit requirements; }; };
  project = pyproject: lines: {
    inherit lines;
    request = { inherit pyproject; };
  };
in
{
  "paths and `file:` addresses" = {
    expr = ofText ''
      ./six-1.0-py3-none-any.whl
      ../other
      /srv/wheels/six-1.0.tar.gz
      -e .
      --editable=./app
      --find-links ./wheels
      six[extra] @ file:///srv/wheels/six-1.0.tar.gz
      file:///srv/wheels/six-1.0.tar.gz
    '';
    expected = [
      "./six-1.0-py3-none-any.whl"
      "../other"
      "/srv/wheels/six-1.0.tar.gz"
      "-e ."
      "--editable=./app"
      "--find-links ./wheels"
      "six[extra] @ file:///srv/wheels/six-1.0.tar.gz"
      "file:///srv/wheels/six-1.0.tar.gz"
    ];
  };
  "everything else" = {
    expr = ofText ''
      flask==3.1.3  # ./not-this
      flask [async] >= 2 ; python_version > "3.8"
      six @ https://files.example.org/six-1.0.tar.gz
      -e git+https://git.example.org/app@v1#egg=app
      --find-links https://files.example.org/wheels
      --extra-index-url https://files.example.org/simple
      numpy==1.26.4 \
        --hash=sha256:2a02aba9ed12e4ac4eb3ea9421c420301a0c6460d9830d74a9df87efa4912010
    '';
    expected = [ ];
  };
  "a project" = {
    expr = local (
      project "" [
        "flask"
        "six@file:///srv/wheels/six-1.0.tar.gz"
      ]
    );
    expected = [ "six@file:///srv/wheels/six-1.0.tar.gz" ];
  };
  "sources of uv, where they are asked for" = {
    expr = local (
      project
        ''
          [tool.uv.sources]
          My_App = [{ path = "../my-app", marker = "sys_platform == 'linux'" }]
          other = { path = "../other" }
          remote = { url = "https://files.example.org/remote-1.0.tar.gz" }
        ''
        [
          "my-app[web]>=1"
          "remote"
        ]
    );
    expected = [ "My_App" ];
  };
}
