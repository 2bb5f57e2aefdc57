//! Indexes that are written for another version of the simple repository API (PEP 629).

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_tests::{Manners, Package, Scenario, Workdir};

fn packages() -> Vec<Package> {
    let text = "reason = 'versions of the API'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'app==1.0'\nrequires = ['lib', 'more']\n\
        [[package]]\nrelease = 'lib==1.0'\n[[package]]\nrelease = 'more==1.0'\n";
    Scenario::read(text).unwrap().packages
}

fn workdir(json: bool, api_version: &'static str) -> Workdir {
    let manners = Manners {
        json,
        api_version,
        ..Manners::default()
    };
    Workdir::new(&packages(), manners)
}

#[test]
fn a_newer_minor_version_is_read_with_one_warning_per_index() {
    for json in [true, false] {
        for version in ["1.99", "1.5"] {
            let workdir = workdir(json, version);
            let stderr = workdir.lock("app").ends(0);
            assert_eq!(workdir.lock_file().packages.len(), 3);
            let warnings: Vec<&str> = stderr
                .lines()
                .filter(|line| line.starts_with("warning:"))
                .collect();
            let expected = format!(
                "warning: the index {} is written for version {version} of the simple repository API, and mach-nix knows version \
                 1.4: what is new in it is not read",
                workdir.index.url()
            );
            assert_eq!(warnings, [expected]);
        }
        for version in ["1.0", "1", "1.4", "1.x"] {
            let stderr = workdir(json, version).lock("app").ends(0);
            assert!(!stderr.contains("warning"), "{version}: {stderr}");
        }
    }
}

#[test]
fn each_index_has_its_own_warning() {
    let (first, second) = (workdir(true, "1.98"), workdir(false, "1.99"));
    let more = format!("more={}", second.index.url());
    let stderr = first.run(&["lock", "app", "--index-of", &more]).ends(0);
    assert_eq!(stderr.matches("warning:").count(), 2, "{stderr}");
}

#[test]
fn a_newer_major_version_is_refused() {
    for json in [true, false] {
        for version in ["2.0", "2", "10.1"] {
            let workdir = workdir(json, version);
            let stderr = workdir.lock("app").ends(3);
            assert!(
                stderr.contains(&format!(
                    "written for version {version} of the simple repository API"
                )),
                "{stderr}"
            );
            assert!(!workdir.path("mach-nix.lock").exists());
        }
    }
}

#[test]
fn the_list_of_all_projects_is_read_by_the_same_rule() {
    let newer = workdir(true, "1.99");
    let index = |workdir: &Workdir| {
        let url = workdir.index.url();
        workdir.run(&[
            "index",
            "build",
            "--all",
            "--index-url",
            &url,
            "-o",
            "all.snapshot",
        ])
    };
    let stderr = index(&newer).ends(0);
    assert_eq!(stderr.matches("warning:").count(), 1, "{stderr}");
    index(&workdir(true, "2.0")).ends(3);
}
