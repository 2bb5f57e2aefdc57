{ lib, ... }:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  fail = message: throw "mach-nix.mkPython: ${message}";
  target = import ./target.nix { inherit lib fail; };

  python = version: {
    inherit version;
    pythonVersion = lib.versions.majorMinor version;
  };
  on = python: system: { inherit python system; };
  select =
    {
      targets ? lockFile.data.targets,
      packages ? lockFile.data.packages,
      version ? "3.11.9",
      system ? "x86_64-linux",
    }:
    target {
      lock = {
        inherit targets packages;
        file = "/project/mach-nix.lock";
      };
      inputs = [
        "-r"
        "requirements.txt"
      ];
      python = python version;
      inherit system;
    };
  versions = selection: lib.mapAttrs (_: package: package.version) (select selection);
  only = targets: package: package // { inherit targets; };
in
{
  "packages of all targets" = {
    expr = versions { };
    expected = {
      click = "8.1.3";
      flask = "2.1.2";
    };
  };

  "packages of the target" = {
    expr = versions {
      targets = [
        (on "3.10" "x86_64-linux")
        (on "3.11" "x86_64-linux")
        (on "3.11" "aarch64-linux")
      ];
      packages = [
        (only [ 0 1 ] (lockFile.package "click" "8.1.3"))
        (only [ 2 ] (lockFile.package "click" "8.0.0"))
        (only [ 0 ] (lockFile.package "zipp" "3.8.0"))
        (lockFile.package "flask" "2.1.2")
      ];
    };
    expected = {
      click = "8.1.3";
      flask = "2.1.2";
    };
  };

  "a patch level of the same minor version" = {
    expr = lib.attrNames (select {
      targets = [ (on "3.11.7" "x86_64-linux") ];
    });
    expected = [
      "click"
      "flask"
    ];
  };

  "the exact patch level first" = {
    expr = versions {
      targets = [
        (on "3.11.7" "x86_64-linux")
        (on "3.11.9" "x86_64-linux")
      ];
      packages = [
        (only [ 0 ] (lockFile.package "click" "7"))
        (only [ 1 ] (lockFile.package "click" "9"))
      ];
    };
    expected.click = "9";
  };

  "another python" = {
    expr = select { version = "3.12.4"; };
    expectedError.msg = "mach-nix.mkPython: the lock file `/project/mach-nix.lock` is not made for python 3.12 on x86_64-linux It is made for: python 3.11 on x86_64-linux Add the target: `mach-nix lock -r requirements.txt --python 3.11 --python 3.12 --system x86_64-linux`, or use the interpreter of the lock: `python = \"python311\"`";
  };

  "another system" = {
    expr = select { system = "aarch64-darwin"; };
    expectedError.msg = "is not made for python 3.11 on aarch64-darwin .* `mach-nix lock -r requirements.txt --python 3.11 --system x86_64-linux --system aarch64-darwin` (\\(|$)";
  };

  "python 3.1 is not python 3.11" = {
    expr = select {
      targets = [ (on "3.1" "x86_64-linux") ];
    };
    expectedError.msg = "is not made for python 3.11 on";
  };

  "two entries of one name" = {
    expr = select {
      packages = [
        (lockFile.package "click" "7")
        (lockFile.package "click" "8")
      ];
    };
    expectedError.msg = "is malformed: it has several entries of `click` for python 3.11 on x86_64-linux; make it again with `mach-nix lock -r requirements.txt`";
  };
}
