# As builds.nix: what takes minutes to compile, and is run by name (`run.sh --heavy NAME`, or `all`).
{ pkgs }:

let
  # A tree without the libraries that nixpkgs' definitions of lxml and numpy take gets them from the
  # host, or does without (numpy then brings its own, slower ones).
  host = import ../../hostpkgs { };
  withDev = library: library // { dev = library; };
  complete =
    if pkgs ? blas || !(pkgs.python311.pkgs ? lxml) then
      pkgs
    else
      pkgs.extend (
        _: prev: {
          libxml2 = withDev host.libxml2;
          libxslt = withDev host.libxslt;
          pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (_: _: { numpy = null; }) ];
        }
      );
  check = import ./check.nix { pkgs = import ./withRust.nix { pkgs = complete; }; };
in
builtins.mapAttrs check.environment {
  sources-compiled = ''
    runIsolated $env/bin/python -c '
    import msgpack._cmsgpack, psutil, regex, ujson, yaml
    assert msgpack.unpackb(msgpack.packb([1])) == [1]
    assert psutil.Process().pid and regex.match(r"\p{Lu}", "A") and ujson.loads("[1]") == [1]
    assert yaml.safe_load("a: [1]") == {"a": [1]}
    '
  '';

  # cmake and ninja are wheels of the build environment.
  sources-cmake = ''
    runIsolated $env/bin/python -c '
    import Levenshtein
    assert Levenshtein.distance("ab", "ac") == 1
    '
  '';

  # maturin (rpds-py) and setuptools-rust (bcrypt)
  sources-rust = ''
    runIsolated $env/bin/python -c '
    import bcrypt, rpds
    assert bcrypt.checkpw(b"x", bcrypt.hashpw(b"x", bcrypt.gensalt(4)))
    assert rpds.HashTrieMap({"a": 1}).insert("b", 2)["b"] == 2
    '
  '';

  # meson-python
  sources-numpy = ''
    runIsolated $env/bin/python -c '
    import numpy
    assert (numpy.linalg.inv(numpy.eye(3) * 2)[0, 0], numpy.__version__) == (0.5, "1.26.4")
    '
  '';

  # libxml2 and libxslt
  sources-lxml = ''
    runIsolated $env/bin/python -c '
    from lxml import etree
    assert etree.fromstring("<a><b/></a>")[0].tag == "b"
    '
  '';
}
