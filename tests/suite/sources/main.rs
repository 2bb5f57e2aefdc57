//! Locking sources: what only their build backends know is asked in Nix builds, by the command as people call it.
//!
//! The sources bring their build backends with them (`backend-path`), so nothing but the index of the test is needed.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod backends;
mod failures;
mod locks;
mod places;
mod projects;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mach_nix_lock::{Lock, LockedPackage};
use mach_nix_tests::{IndexServer, Manners, Package, Scenario, hostpkgs, nix_settings, program};
use tempfile::TempDir;

/// A backend that says what `ANSWER` and `REQUIRES` hold; what stands in `FIRST` runs before it says anything.
const BACKEND: &str = r#"
import os, sys, time
FIRST
def get_requires_for_build_wheel(config_settings=None):
    return [REQUIRES]
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = os.path.join(folder, "demo.dist-info")
    os.mkdir(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n" + ANSWER + "\nA description.\n")
    return "demo.dist-info"
"#;

/// `demo`, which exists as a source only, and packages that it may need.
fn world(first: &str, requires: &str, answer: &str) -> Vec<Package> {
    let mut packages = Scenario::read(
        r#"
        reason = "sources"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "demo==1.0"
        wheels = []
        sdist = true
        [[package]]
        release = "lib==1.0"
        [[package]]
        release = "tool==3.0"
    "#,
    )
    .unwrap()
    .packages;
    let backend = BACKEND
        .replace("FIRST", first)
        .replace("REQUIRES", requires)
        .replace("ANSWER", answer);
    let pyproject = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";
    packages[0].source = [("backend.py", backend.as_str()), ("pyproject.toml", pyproject)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
    packages
}

/// A folder to work in, with a cache of its own.
struct Workdir(TempDir);

impl Workdir {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn lock_file(&self) -> Lock {
        Lock::from_json(&fs::read_to_string(self.path("mach-nix.lock")).unwrap()).unwrap()
    }

    /// `mach-nix lock` with these words.
    fn command(&self, index: &IndexServer, words: &str) -> Command {
        let mut command = Command::new(program());
        command
            .arg("lock")
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap())
            .env("HOME", self.0.path())
            .env("MACH_NIX_CACHE_DIR", self.path("cache"))
            .env("MACH_NIX_INDEX_URL", index.url())
            .env("MACH_NIX_NIXPKGS", hostpkgs())
            .env("MACH_NIX_PYTHON", "3.11")
            .env("MACH_NIX_SYSTEM", "x86_64-linux");
        command.env("NIX_CONFIG", nix_settings());
        command
    }

    fn lock(&self, index: &IndexServer, words: &str) -> Ran {
        Ran(self.command(index, words).output().unwrap())
    }
}

struct Ran(Output);

impl Ran {
    /// Asserts the exit code; gives standard error.
    #[track_caller]
    fn ends(&self, code: i32) -> String {
        let stderr = String::from_utf8(self.0.stderr.clone()).unwrap();
        assert_eq!(self.0.status.code(), Some(code), "{stderr}");
        stderr
    }
}

fn serve(packages: &[Package]) -> IndexServer {
    IndexServer::start(packages, Manners::default())
}

fn named<'a>(packages: &'a [LockedPackage], name: &str) -> &'a LockedPackage {
    packages
        .iter()
        .find(|package| package.name.to_string() == name)
        .unwrap()
}

/// The files of `demo`, in a folder.
fn unpack(packages: &[Package], folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (path, text) in &packages[0].source {
        fs::write(folder.join(path), text).unwrap();
    }
}
