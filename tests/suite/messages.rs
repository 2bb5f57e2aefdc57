//! Messages of the command: each warning once, one list of remedies, and remedies that work.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::env;
use std::fs;

use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir, hostpkgs, nix_settings};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = ''\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

/// A source with its files, as the only file of its release.
fn source(release: &str, files: &[(&str, &str)]) -> Package {
    let mut package = packages(&format!(
        "[[package]]\nrelease = '{release}'\nwheels = []\nsdist = true"
    ))
    .pop()
    .unwrap();
    package.source = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    package
}

/// A build backend that comes with its source and needs nothing.
const BACKEND: &str = "
import os
def get_requires_for_build_wheel(config_settings=None):
    return []
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = os.path.join(folder, 'built.dist-info')
    os.mkdir(info)
    with open(os.path.join(info, 'METADATA'), 'w') as file:
        file.write('Metadata-Version: 2.1\\nName: NAME\\nVersion: 1.0\\n')
    return 'built.dist-info'
";

fn with_nix(workdir: &Workdir, words: &[&str]) -> Ran {
    let (path, settings, hostpkgs) = (env::var("PATH").unwrap(), nix_settings(), hostpkgs());
    let variables = [
        ("PATH", path.as_str()),
        ("NIX_CONFIG", &settings),
        ("MACH_NIX_NIXPKGS", hostpkgs.to_str().unwrap()),
    ];
    workdir.run_in(".", words, &variables)
}

#[test]
fn a_warning_about_several_sources_is_printed_once() {
    let own = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";
    let named = |name: &str| BACKEND.replace("NAME", name);
    let sources = ["one", "two"].map(|name| {
        source(
            &format!("{name}==1.0"),
            &[("pyproject.toml", own), ("backend.py", &named(name))],
        )
    });
    let workdir = Workdir::new(&sources, Manners::default());
    let elsewhere = if cfg!(target_arch = "x86_64") {
        "aarch64-linux"
    } else {
        "x86_64-linux"
    };
    let ran = with_nix(&workdir, &["lock", "one", "two", "--system", elsewhere]);
    let stderr = ran.ends(0);
    let warning =
        format!("for {elsewhere}: a backend that depends on the machine may give other metadata there");
    assert_eq!(stderr.matches(&warning).count(), 1, "{stderr}");
}

/// The requirements of a build cannot be met, so the source cannot be used, so the requirements cannot be met.
#[test]
fn a_refusal_within_a_refusal_has_one_list_of_remedies() {
    let pyproject = "[build-system]\nrequires = ['tool>=2']\nbuild-backend = 'tool'\n";
    let mut all = packages("[[package]]\nrelease = 'tool==1.0'");
    all.push(source("app==1.0", &[("pyproject.toml", pyproject)]));
    let workdir = Workdir::new(&all, Manners::default());
    let stderr = with_nix(&workdir, &["lock", "app"]).ends(1);
    assert!(
        stderr.contains("its build environment cannot be resolved: ") && stderr.contains("tool>=2"),
        "{stderr}"
    );
    assert!(stderr.matches("help:").count() <= 1, "{stderr}");
    let inner = stderr
        .lines()
        .find(|line| line.contains("its build environment"))
        .unwrap();
    assert!(inner.contains("tool>=2"), "on one line: {stderr}");
}

#[test]
fn the_line_with_a_hash_that_a_refusal_offers_works() {
    let all = packages("[[package]]\nrelease = 'six==1.16'\n[[package]]\nrelease = 'six==1.17'");
    let workdir = Workdir::new(&all, Manners::default());
    let unknown = "0".repeat(64);
    workdir.write(
        "requirements.txt",
        &format!("six==1.17 --hash=sha256:{unknown}\n"),
    );
    let stderr = workdir.run(&["lock", "-r", "requirements.txt"]).ends(1);
    let (_, rest) = stderr.split_once("if you trust it, add the line `").unwrap();
    let (line, _) = rest.split_once('`').unwrap();
    assert!(line.starts_with("six==1.17 --hash=sha256:"), "{line}");
    // Added, as it says.
    let before = fs::read_to_string(workdir.path("requirements.txt")).unwrap();
    workdir.write("requirements.txt", &format!("{before}{line}\n"));
    workdir.run(&["lock", "-r", "requirements.txt"]).ends(0);
    assert_eq!(workdir.lock_file().packages[0].version.to_string(), "1.17");
}
