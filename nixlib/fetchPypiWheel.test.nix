{ machNix, ... }:

let
  hash = "sha256-/nXMlKlEO5JG/HBJIk91YEsRPDasuT+HuA7ULETLuJg=";
  fetch = file: machNix.fetchPypiWheel { inherit file hash; };
  # hostpkgs and nixpkgs keep the address in different attributes.
  address = drv: drv.address or (builtins.head drv.urls);
in
{
  "the file" = {
    expr = {
      inherit (fetch "requests-2.24.0-py2.py3-none-any.whl") name outputHash;
    };
    expected = {
      name = "requests-2.24.0-py2.py3-none-any.whl";
      outputHash = hash;
    };
  };
  "the address" = {
    expr = map (file: address (fetch file)) [
      "requests-2.24.0-py2.py3-none-any.whl"
      "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
      "cmeel-0.62.0-0-py3-none-any.whl"
    ];
    expected = [
      "https://files.pythonhosted.org/packages/py2.py3/r/requests/requests-2.24.0-py2.py3-none-any.whl"
      "https://files.pythonhosted.org/packages/cp311/n/numpy/numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
      "https://files.pythonhosted.org/packages/py3/c/cmeel/cmeel-0.62.0-0-py3-none-any.whl"
    ];
  };
  "no wheel" = {
    expr = fetch "requests-2.24.0.tar.gz";
    expectedError.msg = "mach-nix.fetchPypiWheel: `file` must be the name of a wheel such as .*, but is `\"requests-2.24.0.tar.gz\"`";
  };
  "no file" = {
    expr = machNix.fetchPypiWheel { inherit hash; };
    expectedError.msg = "mach-nix.fetchPypiWheel: the argument `file` is missing";
  };
  "the form of 3.5" = {
    expr = machNix.fetchPypiWheel "requests" "2.24.0" "requests-2.24.0-py2.py3-none-any.whl";
    expectedError.msg = "mach-nix.fetchPypiWheel: there is no database to take the hash from any more; write `fetchPypiWheel";
  };
}
