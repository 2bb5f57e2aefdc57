# Builds that must fail, each with the reason that its log must give (as grep -E has it).  `address` is
# that of a server on this machine.
{ pkgs }:
{ address }:

let
  inherit (import ./source.nix { inherit pkgs; }) build buildAs buildFrom;
  machNix = import ../.. {
    inherit pkgs;
    python = "python311";
  };
  withRust = import ../.. {
    pkgs = import ./withRust.nix { inherit pkgs; };
    python = "python311";
  };
  # The lock of projects/rusty with other crates.
  lockWithCrates =
    cargo:
    let
      lock = builtins.fromJSON (builtins.readFile ./projects/rusty/mach-nix.lock);
      project.build = lock.project.build // {
        inherit cargo;
      };
    in
    builtins.toFile "mach-nix.lock" (builtins.toJSON (lock // { inherit project; }));
  otherItoa = {
    name = "itoa";
    version = "1.0.9";
    url = "https://static.crates.io/crates/itoa/itoa-1.0.9.crate";
    hash = "sha256-rxUKtoj/ISL87yKb6Jy1DdZq+eAaT/MgzBN+7Mm6zDg=";
  };

  # What the tool said, and what brings it.
  missing = name: said: {
    log = "${said}.*_\\.${name}\\.buildInputs\\.add = \\[ pkgs\\.LIBRARY ];";
    drv = build name { };
  };
in
{
  "a project that requires what is not there" = {
    drv = machNix.buildPythonPackage {
      src = ./projects/greeter-cfg;
      requirements = "click==8.1.3\n";
      lock = ./locks/old-click/mach-nix.lock;
      postPatch = "substituteInPlace setup.cfg --replace 'click>=8' 'click>=9'";
    };
    log = "`greeter-cfg` requires `click ?>=9`, but 8.1.3 is locked; add it to the requirements and lock anew";
  };
  "a crate that is not locked" = {
    drv = withRust.buildPythonPackage {
      src = ./projects/rusty;
      lock = lockWithCrates [ ];
    };
    log = "no matching package named `itoa` found";
  };
  "another version of a crate" = {
    drv = withRust.buildPythonPackage {
      src = ./projects/rusty;
      lock = lockWithCrates [ otherItoa ];
    };
    log = "\\(locked to 1.0.10\\)";
  };
  "another version of a build tool" = {
    drv = build "other-version" { };
    log = "building `other-version` needs `setuptools==70.0.0`, but [0-9.]+ is locked; lock `other-version` anew";
  };
  "a build tool that is not locked" = {
    drv = build "unlocked-tool" { };
    log = "No module named 'installer'";
  };
  "another version than the locked one" = {
    drv = build "wrong-version" { };
    log = "the source of `wrong-version` 1.0 builds `wrong-version` 1.1; lock it anew";
  };
  "the network" = {
    drv = build "reaches-out" { ADDRESS = address; };
    log = "Connection refused";
  };
  "a header that is missing" = missing "misses-header" "no_such_library.h: No such file or directory";
  "a header that is missing, by a name that Nix has in quotes" = {
    drv = buildFrom {
      name = "3to2";
      version = "1.0";
      path = "projects/misses-header";
      folder = ./.;
    } { };
    log = "_\\.\"3to2\"\\.buildInputs\\.add = \\[ pkgs\\.LIBRARY ];.*providers\\.\"3to2\" = ";
  };
  "a program that is missing" = missing "misses-program" "'pkg-config'";
  "a dependency of meson that is missing" =
    missing "misses-meson" "ERROR: Dependency .*no-such-library"
    // {
      drv = buildAs "sources-numpy" "numpy" "misses-meson";
    };
  "a package of cmake that is missing" = missing "misses-cmake" "NoSuchLibraryConfig.cmake" // {
    drv = buildAs "sources-cmake" "levenshtein" "misses-cmake";
  };
}
