//! Indexes that are written for another version of the simple repository API (PEP 629).

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_tests::{Manners, Package, Place, Scenario};

fn packages() -> Vec<Package> {
    let text = "reason = 'versions of the API'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'app==1.0'\nrequires = ['lib', 'more']\n\
        [[package]]\nrelease = 'lib==1.0'\n[[package]]\nrelease = 'more==1.0'\n";
    Scenario::read(text).unwrap().packages
}

fn place(json: bool, api_version: &'static str) -> Place {
    let manners = Manners {
        json,
        api_version,
        ..Manners::default()
    };
    Place::new(&packages(), manners)
}

#[test]
fn a_newer_minor_version_is_read_with_one_warning_per_index() {
    for json in [true, false] {
        for version in ["1.99", "1.5"] {
            let place = place(json, version);
            let said = place.lock("app").ends(0);
            assert_eq!(place.lock_file().packages.len(), 3);
            let warnings: Vec<&str> = said.lines().filter(|line| line.starts_with("warning:")).collect();
            let expected = format!(
                "warning: the index {} is written for version {version} of the simple repository API, and mach-nix knows version \
                 1.4: what is new in it is not read",
                place.index.url()
            );
            assert_eq!(warnings, [expected]);
        }
        for version in ["1.0", "1", "1.4", "1.x"] {
            let said = place(json, version).lock("app").ends(0);
            assert!(!said.contains("warning"), "{version}: {said}");
        }
    }
}

#[test]
fn each_index_has_its_own_warning() {
    let (first, second) = (place(true, "1.98"), place(false, "1.99"));
    let more = format!("more={}", second.index.url());
    let said = first.run(&["lock", "app", "--index-of", &more]).ends(0);
    assert_eq!(said.matches("warning:").count(), 2, "{said}");
}

#[test]
fn a_newer_major_version_is_refused() {
    for json in [true, false] {
        for version in ["2.0", "2", "10.1"] {
            let place = place(json, version);
            let said = place.lock("app").ends(3);
            assert!(
                said.contains(&format!(
                    "written for version {version} of the simple repository API"
                )),
                "{said}"
            );
            assert!(!place.path("mach-nix.lock").exists());
        }
    }
}

#[test]
fn the_list_of_all_projects_is_read_by_the_same_rule() {
    let newer = place(true, "1.99");
    let index = |place: &Place| {
        let url = place.index.url();
        place.run(&[
            "index",
            "build",
            "--all",
            "--index-url",
            &url,
            "-o",
            "all.snapshot",
        ])
    };
    let said = index(&newer).ends(0);
    assert_eq!(said.matches("warning:").count(), 1, "{said}");
    index(&place(true, "2.0")).ends(3);
}
