//! Packages of nixpkgs that can be evaluated in part only.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::process::Command;
use std::{env, fs};

use mach_nix_lock::Lock;
use mach_nix_tests::{Manners, Ran, Scenario, Workdir, hostpkgs, nix_settings};

/// An index that has wheels of everything, and a package set with a `demo`, whose attributes besides name and version are
/// `attributes`.
fn workdir(attributes: &str) -> Workdir {
    let world = "
        reason = 'packages of nixpkgs'
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = 'demo==2.0'
        [[package]]
        release = 'part==2.0'
    ";
    let workdir = Workdir::new(&Scenario::read(world).unwrap().packages, Manners::default());
    workdir.write(
        "nixpkgs.nix",
        &format!(
            r#"args: (import {hostpkgs} args).extend (final: prev: {{
  python311 = prev.python311.override {{
    self = final.python311;
    packageOverrides = self: _: let
      package = pname: attributes: self.buildPythonPackage ({{ inherit pname; version = "1.0"; format = "other"; src = null; }} // attributes);
    in {{
      demo = package "demo" {{ {attributes} }};
      part = package "part" {{ }};
      removed = throw "removed";
    }};
  }};
}})"#,
            hostpkgs = hostpkgs().canonicalize().unwrap().display()
        ),
    );
    workdir
}

fn lock(workdir: &Workdir, requirement: &str) -> Ran {
    lock_over(workdir, requirement, "./nixpkgs.nix")
}

fn lock_over(workdir: &Workdir, requirement: &str, nixpkgs: &str) -> Ran {
    let words = [
        "lock",
        requirement,
        "--providers",
        "nixpkgs,wheel",
        "--nixpkgs",
        nixpkgs,
    ];
    let path = env::var("PATH").unwrap();
    let home = workdir.path("");
    let variables = [
        ("PATH", path.as_str()),
        ("HOME", home.to_str().unwrap()),
        ("NIX_CONFIG", &nix_settings()),
    ];
    workdir.run_in(".", &words, &variables)
}

fn providers(lock: &Lock) -> Vec<String> {
    let packages = lock.packages.iter();
    packages
        .map(|package| format!("{} {}", package.name, package.provider))
        .collect()
}

#[test]
fn an_extra_that_throws_leaves_the_package_and_its_other_extras() {
    let workdir = workdir(
        "passthru.optional-dependencies = { bad = [ (throw \"gone\") ]; old = [ self.removed ]; good = [ self.part ]; };",
    );
    let stderr = lock(&workdir, "demo[good]").ends(0);
    assert!(!stderr.contains("warning"), "{stderr}");
    assert_eq!(providers(&workdir.lock_file()), ["demo nixpkgs", "part nixpkgs"]);

    let stderr = lock(&workdir, "demo[bad]").ends(0);
    assert!(stderr.contains("demo 1.0 has no extra `bad`"), "{stderr}");
    assert_eq!(providers(&workdir.lock_file()), ["demo nixpkgs"]);
}

#[test]
fn an_extra_whose_error_nix_does_not_catch_leaves_the_others() {
    let workdir = workdir(
        "passthru.optional-dependencies = { bad = [ self.no-such-package ]; good = [ self.part ]; };",
    );
    let stderr = lock(&workdir, "demo[good]").ends(0);
    assert!(!stderr.contains("warning"), "{stderr}");
    assert_eq!(providers(&workdir.lock_file()), ["demo nixpkgs", "part nixpkgs"]);
}

#[test]
fn a_nixpkgs_is_a_path_a_tarball_or_a_flake() {
    let workdir = workdir("");
    let folder = workdir.path("set");
    fs::create_dir(&folder).unwrap();
    fs::copy(workdir.path("nixpkgs.nix"), folder.join("default.nix")).unwrap();
    fs::write(folder.join("flake.nix"), "{ outputs = _: { }; }").unwrap();
    let archive = workdir.path("set.tar.gz");
    let packed = Command::new("tar")
        .arg("-C")
        .arg(workdir.path(""))
        .arg("-czf")
        .arg(&archive)
        .arg("set")
        .status();
    assert!(packed.unwrap().success());
    let (archive, folder) = (archive.display(), folder.display());
    for nixpkgs in [
        "./set".to_owned(),
        format!("file://{archive}"),
        format!("path:{folder}"),
    ] {
        lock_over(&workdir, "demo", &nixpkgs).ends(0);
        assert_eq!(providers(&workdir.lock_file()), ["demo nixpkgs"], "{nixpkgs}");
        fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    }
    let stderr = lock_over(&workdir, "demo", "file:///none.tar.gz").ends(3);
    let reason = "the nixpkgs `file:///none.tar.gz` cannot be used: unable to download";
    assert!(stderr.contains(reason), "{stderr}");
}

#[test]
fn a_wheel_in_the_place_of_a_preferred_package_of_nixpkgs_is_a_warning() {
    for (attributes, reason) in [
        (
            "propagatedBuildInputs = [ self.removed ];",
            "nixpkgs cannot evaluate it",
        ),
        (
            "propagatedBuildInputs = [ self.no-such-package ];",
            "nixpkgs cannot evaluate it",
        ),
        ("meta.broken = true;", "nixpkgs marks it as broken"),
        (
            "version = \"unstable-2024-01-01\";",
            "`unstable-2024-01-01` is not a version",
        ),
    ] {
        let workdir = workdir(attributes);
        let stderr = lock(&workdir, "demo").ends(0);
        let told = "demo is taken from the provider `wheel`, not from `nixpkgs`: `demo` of nixpkgs";
        assert!(
            stderr.contains(told) && stderr.contains(reason),
            "{attributes}: {stderr}"
        );
        assert_eq!(providers(&workdir.lock_file()), ["demo wheel"]);
    }
}
