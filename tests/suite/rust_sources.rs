//! Locking sources with Rust code: the crates that their `Cargo.lock` pins are part of the build environment.
//!
//! The sources bring their build backends with them, and the `maturin` of the index is an empty wheel; cargo is the host's.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::env;

use mach_nix_lock::{Lock, LockedBuild};
use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir, hostpkgs, nix_settings};

/// A backend that does what maturin does: it asks cargo for everything the metadata depends on.
const BACKEND: &str = r#"
import os, shutil, subprocess
def get_requires_for_build_wheel(config_settings=None):
    return ASKED
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    metadata = subprocess.check_output(["cargo", "metadata", "--locked", "--format-version", "1"], text=True)
    assert '"name":"part"' in metadata and shutil.which("rustc")
    info = os.path.join(folder, "demo.dist-info")
    os.mkdir(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: lib\n\n")
    return "demo.dist-info"
"#;

/// The pyproject.toml of `demo`; `REQUIRES` stands for its build requirements.
const PYPROJECT: &str = "[build-system]\nrequires = REQUIRES\nbuild-backend = 'backend'\nbackend-path = ['.']\n\
                         [project]\nname = 'demo'\nversion = '1.0'\n";

const HEX: &str = "b1a46d1a171d865aa5f83f92695765caa047a9b4cbae2cbf37dbd613a793fd4c";

/// A `Cargo.lock` that has a crate from there.
fn cargo_lock(source: &str) -> String {
    format!(
        "version = 3\n[[package]]\nname = 'demo'\nversion = '1.0.0'\ndependencies = ['itoa']\n\
         [[package]]\nname = 'itoa'\nversion = '1.0.10'\nsource = '{source}'\nchecksum = '{HEX}'\n"
    )
}

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// `demo`, which exists as a source only, with these files.
fn packages(asked: &str, files: &[(&str, &str)]) -> Vec<Package> {
    let mut packages = Scenario::read(
        r#"
        reason = "sources with Rust code"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "demo==1.0"
        wheels = []
        sdist = true
        [[package]]
        release = "lib==1.0"
        [[package]]
        release = "maturin==1.0"
        [[package]]
        release = "setuptools-rust==1.0"
    "#,
    )
    .unwrap()
    .packages;
    let backend = BACKEND.replace("ASKED", asked);
    packages[0].source = [("backend.py", &*backend)]
        .iter()
        .chain(files)
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    packages
}

/// Runs `mach-nix lock` with these words where Nix is.
fn lock(workdir: &Workdir, words: &str) -> Ran {
    let path = env::var("PATH").unwrap();
    let home = workdir.path("home").display().to_string();
    let (nixpkgs, settings) = (hostpkgs(), nix_settings());
    let words: Vec<&str> = std::iter::once("lock").chain(words.split_whitespace()).collect();
    let variables = [
        ("PATH", &*path),
        ("HOME", &home),
        ("MACH_NIX_NIXPKGS", nixpkgs.to_str().unwrap()),
        ("NIX_CONFIG", &settings),
    ];
    workdir.run_in(".", &words, &variables)
}

fn build_of_demo(lock: Lock) -> LockedBuild {
    let demo = lock
        .packages
        .into_iter()
        .find(|found| found.name.to_string() == "demo");
    demo.unwrap().build.unwrap()
}

#[test]
fn the_crates_of_a_source_are_locked() {
    let pyproject = PYPROJECT.replace("REQUIRES", "['maturin']");
    let lock_of_cargo = cargo_lock(CRATES_IO);
    let files = [("pyproject.toml", &*pyproject), ("Cargo.lock", &lock_of_cargo)];
    let workdir = Workdir::new(&packages("[]", &files), Manners::default());
    lock(&workdir, "demo").ends(0);
    let text = workdir.lock_text();
    let crates = build_of_demo(workdir.lock_file()).cargo.unwrap();
    let [itoa] = crates.as_slice() else {
        panic!("{crates:?}")
    };
    assert_eq!((&*itoa.name, &*itoa.version), ("itoa", "1.0.10"));
    assert_eq!(itoa.url, "https://static.crates.io/crates/itoa/itoa-1.0.10.crate");
    assert_eq!(itoa.hash.to_hex(), HEX);

    // The lock is read again, and what was said of the source is kept.
    lock(&workdir, "demo --check").ends(0);
    lock(&workdir, "demo --offline").ends(0);
    assert_eq!(workdir.lock_text(), text);
    for format in ["pylock", "cyclonedx"] {
        workdir
            .run(&["export", "--format", format, "--output", "exported"])
            .ends(0);
    }
}

#[test]
fn what_a_backend_asks_for_may_run_cargo() {
    let pyproject = PYPROJECT.replace("REQUIRES", "[]");
    let lock_of_cargo = cargo_lock(CRATES_IO);
    for (asked, expected) in [("['setuptools-rust']", Some(1)), ("[]", None)] {
        let files = [
            ("pyproject.toml", &*pyproject),
            ("rust/Cargo.lock", &lock_of_cargo),
        ];
        let workdir = Workdir::new(&packages(asked, &files), Manners::default());
        lock(&workdir, "demo").ends(0);
        let crates = build_of_demo(workdir.lock_file()).cargo;
        assert_eq!(crates.map(|crates| crates.len()), expected, "{asked}");
    }
}

#[test]
fn a_backend_that_asks_cargo_for_the_metadata_finds_it() {
    let pyproject = PYPROJECT.replace("REQUIRES", "['maturin']") + "dynamic = ['dependencies']\n";
    let manifest = |name, rest| format!("[package]\nname = '{name}'\nversion = '1.0.0'\n{rest}");
    let demo = manifest("demo", "[workspace]\n[dependencies]\npart = { path = 'part' }\n");
    let part = manifest("part", "");
    let lock_of_cargo = "version = 3\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\ndependencies = [\n \"part\",\n]\n\n\
                         [[package]]\nname = \"part\"\nversion = \"1.0.0\"\n";
    let files = [
        ("pyproject.toml", &*pyproject),
        ("Cargo.toml", &demo),
        ("Cargo.lock", lock_of_cargo),
        ("src/lib.rs", ""),
        ("part/Cargo.toml", &part),
        ("part/src/lib.rs", ""),
    ];
    let workdir = Workdir::new(&packages("[]", &files), Manners::default());
    lock(&workdir, "demo").ends(0);
    let locked = workdir.lock_file();
    assert!(
        locked
            .packages
            .iter()
            .any(|found| found.name.to_string() == "lib")
    );
    assert_eq!(build_of_demo(locked).cargo.unwrap(), []);
}

#[test]
fn crates_that_cannot_be_locked_are_a_refusal() {
    let pyproject = PYPROJECT.replace("REQUIRES", "['maturin']");
    let remedy = "; use a wheel, or a version whose Cargo.lock has only crates of crates.io";
    let from_git = cargo_lock("git+https://git.example.org/itoa#0123456");
    for (lock_of_cargo, reason) in [
        (
            None,
            "it is built with Rust crates and has no Cargo.lock that pins them",
        ),
        (
            Some(&*from_git),
            "its `Cargo.lock` cannot be used: it takes the crate `itoa` from \
             `git+https://git.example.org/itoa#0123456`, and only those of crates.io can be locked",
        ),
    ] {
        let mut files = vec![("pyproject.toml", &*pyproject)];
        files.extend(lock_of_cargo.map(|text| ("Cargo.lock", text)));
        let workdir = Workdir::new(&packages("[]", &files), Manners::default());
        let refusal = lock(&workdir, "demo").ends(1);
        assert!(refusal.starts_with("ResolutionImpossible: "), "{refusal}");
        let words: Vec<&str> = refusal.split_whitespace().collect();
        assert!(
            words.join(" ").contains(&format!("{reason}{remedy}")),
            "{refusal}"
        );
    }
}
