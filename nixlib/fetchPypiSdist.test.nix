{ lib, machNix, ... }:

let
  arguments = {
    pname = "requests";
    version = "2.24.0";
    hash = "sha256-s1WaEx23LDPulpSAhA//S7bdER3n3SfI7h+CD08AIxs=";
  };
  fetch = changes: machNix.fetchPypiSdist (arguments // changes);
in
{
  "the file" = {
    expr = {
      inherit (fetch { }) name outputHash;
      zip = (fetch { extension = "zip"; }).name;
    };
    expected = {
      name = "requests-2.24.0.tar.gz";
      outputHash = arguments.hash;
      zip = "requests-2.24.0.zip";
    };
  };
  "an argument with a mistake in it" = {
    expr = fetch { sha256 = ""; };
    expectedError.msg = "mach-nix.fetchPypiSdist: unknown argument `sha256`; the arguments are `extension`, `hash`, `pname`, `version`";
  };
  "no hash" = {
    expr = machNix.fetchPypiSdist (lib.filterAttrs (name: _: name != "hash") arguments);
    expectedError.msg = "mach-nix.fetchPypiSdist: the argument `hash` is missing";
  };
  "the form of 3.5" = {
    expr = machNix.fetchPypiSdist "requests" "2.24.0";
    expectedError.msg = "mach-nix.fetchPypiSdist: there is no database to take the hash from any more; write `fetchPypiSdist \\{ pname = \"requests\"; version = \"2.24.0\"; hash = \"sha256-…\"; }`";
  };
}
