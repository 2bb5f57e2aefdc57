//! Python's `packaging`, the reference implementation, as an independent oracle.
//!
//! Each test sends all its queries in one run of `oracle.py`.

mod generate;

use std::collections::BTreeSet;
use std::path::Path;

use generate::{Names, sdist_name, wheel_name};
use mach_nix_tags::{CompatibleTags, GLIBC, MACOS, NixSystem, PythonVersion, SdistFilename, WheelFilename};
use pep440_rs::Version;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const MINORS: [u8; 7] = [3, 7, 8, 10, 11, 12, 13];

fn ask<T: DeserializeOwned>(question: &Value) -> T {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/oracle.py");
    mach_nix_oracle::ask(&script, question)
}

fn targets() -> impl Iterator<Item = CompatibleTags> {
    MINORS.into_iter().flat_map(|minor| {
        let python = PythonVersion::python3(minor).expect("new enough");
        NixSystem::ALL.map(|system| CompatibleTags::for_target(python, system))
    })
}

/// The arguments of `supported` in `oracle.py`.
fn as_question(target: &CompatibleTags) -> Value {
    let system = target.system();
    json!([
        target.python().minor(),
        system.as_str(),
        system.machine(),
        GLIBC,
        MACOS
    ])
}

#[test]
fn tags_and_their_order() {
    for target in targets() {
        let ours: Vec<String> = target.iter().map(|tag| tag.to_string()).collect();
        let theirs: Vec<String> = ask(&json!({ "supported": as_question(&target) }));
        assert_eq!(ours, theirs, "Python {} on {}", target.python(), target.system());
        assert_eq!(
            ours.iter().collect::<BTreeSet<_>>().len(),
            ours.len(),
            "a tag occurs twice"
        );
    }
}

#[test]
fn wheel_names() {
    let names = Names::new(wheel_name()).take(3_000);
    let theirs: Vec<Option<Value>> = ask(&json!({ "wheels": names }));
    let accepted = theirs.iter().flatten().count();
    assert!(
        (1_500..2_900).contains(&accepted),
        "the names are lopsided: {accepted} of 3000 are well-formed"
    );
    for (file_name, theirs) in names.iter().zip(theirs) {
        let ours = file_name.parse::<WheelFilename>();
        let (ours, theirs) = match (ours, theirs) {
            (Ok(ours), Some(theirs)) => (ours, theirs),
            (Err(_), None) => continue,
            (Ok(_), None) => panic!("`{file_name}` is refused by packaging only"),
            (Err(error), Some(_)) => panic!("refused by us only: {error}"),
        };
        assert!(
            ours.belongs_to(theirs["name"].as_str().unwrap()),
            "{file_name}: {theirs}"
        );
        assert_eq!(ours.version(), &version(&theirs), "{file_name}");
        assert_eq!(
            json!(ours.build().map(|build| (build.number(), build.suffix()))),
            theirs["build"],
            "{file_name}"
        );
        let mut tags = BTreeSet::new();
        for python in ours.python().iter() {
            for abi in ours.abi().iter() {
                tags.extend(
                    ours.platform()
                        .iter()
                        .map(|platform| format!("{python}-{abi}-{platform}")),
                );
            }
        }
        assert_eq!(json!(tags), theirs["tags"], "{file_name}");
    }
}

#[test]
fn sdist_names() {
    let names = Names::new(sdist_name()).take(2_000);
    let theirs: Vec<Option<Value>> = ask(&json!({ "sdists": names }));
    let mut accepted = 0;
    for (file_name, theirs) in names.iter().zip(theirs) {
        // A name that packaging rejects is not comparable: our parser knows the project, and packaging has to guess it.
        let Some(theirs) = theirs else { continue };
        accepted += 1;
        let ours = SdistFilename::parse(file_name, theirs["name"].as_str().unwrap());
        let ours = ours.unwrap_or_else(|error| panic!("refused by us only: {error}"));
        assert_eq!(ours.version(), &version(&theirs), "{file_name}");
    }
    assert!(accepted > 1_500, "only {accepted} of 2000 names are well-formed");
}

/// The places are what pip compares wheels by.
#[test]
fn positions_of_wheels() {
    let names = Names::new(wheel_name())
        .filter(|name| name.parse::<WheelFilename>().is_ok())
        .take(2_000);
    for target in targets() {
        let theirs: Vec<Option<u32>> = ask(&json!({ "places": [as_question(&target), names] }));
        let mut fitting = 0;
        for (file_name, theirs) in names.iter().zip(theirs) {
            let wheel: WheelFilename = file_name.parse().unwrap();
            let ours = target
                .compatibility(&wheel)
                .map(mach_nix_tags::TagPriority::place);
            assert_eq!(
                ours,
                theirs,
                "{file_name} for Python {} on {}",
                target.python(),
                target.system()
            );
            assert_eq!(target.check(&wheel).is_ok(), ours.is_some(), "{file_name}");
            fitting += usize::from(ours.is_some());
        }
        assert!(
            fitting > 50,
            "only {fitting} of the wheels fit Python {} on {}",
            target.python(),
            target.system()
        );
    }
}

fn version(theirs: &Value) -> Version {
    let text = theirs["version"].as_str().expect("a version");
    text.parse()
        .unwrap_or_else(|error| panic!("packaging wrote the version {text}: {error}"))
}
