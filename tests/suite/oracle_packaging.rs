//! Python's `packaging`, the reference implementation of the PyPA specifications, asked about generated texts.
//!
//! Both must read the same texts and mean the same by them. The exceptions are listed in [`EXCEPTIONS`], each with its
//! reason. `MACH_NIX_TEST_SEED` varies the texts.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mach_nix_model::{
    ExtraName, Marker, PackageName, Requirement, Target, Version, VersionOrUrl, VersionSpecifiers, specifier,
};
use mach_nix_oracle::Oracle;
use mach_nix_tags::{NixSystem, PythonVersion};
use mach_nix_tests::{
    Cases, marker_text, name_text, near_version, requirement_text, specifiers_text, version_text,
};
use serde_json::{Value, json};

/// A shape of texts about which the two differ.
struct Exception {
    /// Why, with the sentence of the specification.
    reason: &'static str,
    applies: fn(&str) -> bool,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "`===` with what is no version in normal form. PEP 440 has it for legacy versions \
                 (https://packaging.python.org/en/latest/specifications/version-specifiers/#arbitrary-equality), and \
                 indexes have none of those any more: no version could match, and a refusal to read it says more",
        applies: |text| {
            arbitrary_texts(text).any(|wanted| {
                wanted.parse::<Version>().map(|v| v.to_string()).ok().as_deref() != Some(wanted)
            })
        },
    },
    Exception {
        reason: "`===1.0,<2` in a requirement. packaging takes the comma for a part of the version; in the grammar a \
                 version has none (https://packaging.python.org/en/latest/specifications/dependency-specifiers/#formal-grammar)",
        applies: |text| arbitrary_texts(text).next().is_some() && text.contains(','),
    },
    Exception {
        reason: "a name that ends in `_`. packaging reads it in requirements, but not as a name; the specification has \
                 \"starts and ends with a letter or number\" \
                 (https://packaging.python.org/en/latest/specifications/name-normalization/#name-format)",
        applies: |text| {
            let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            text.trim_start().trim_start_matches(name).len() < text.len()
                && text[..text.len() - text.trim_start().trim_start_matches(name).len()].ends_with('_')
        },
    },
    Exception {
        reason: "a URL that is not absolute. The grammar allows it and nothing says what it is relative to",
        applies: |text| {
            let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
            text.split_once('@')
                .is_some_and(|(_, url)| !url.trim_start().trim_start_matches(scheme).starts_with("://"))
        },
    },
    Exception {
        reason: "a quotation mark in a URL, which a URL cannot have: ours is percent-encoded, as the URL standard says \
                 (https://url.spec.whatwg.org/#query-state)",
        applies: |text| {
            text.split_once("://")
                .is_some_and(|(_, rest)| rest.split(' ').next().unwrap_or_default().contains(['\'', '"']))
        },
    },
    Exception {
        reason: "the empty name alone, which `pep508_rs` reads. In requirements it is refused",
        applies: str::is_empty,
    },
];

/// The operands of each `===` outside of markers.
fn arbitrary_texts(text: &str) -> impl Iterator<Item = &str> {
    let specifiers = text.split(';').next().unwrap_or_default();
    specifiers.split("===").skip(1).map(|rest| {
        rest.trim_start()
            .split([',', ')'])
            .next()
            .unwrap_or_default()
            .trim_end()
    })
}

/// Counts cases, and complains about the differences at the end, all of them at once.
#[derive(Default)]
struct Tally {
    accepted: u32,
    refused: u32,
    excepted: BTreeMap<&'static str, u32>,
    different: Vec<String>,
}

impl Tally {
    /// Compares two answers; `None` is a refusal.
    #[expect(clippy::needless_pass_by_value, reason = "the answers are made for this")]
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, text: &str, ours: Option<T>, theirs: Option<T>) {
        match &theirs {
            Some(_) => self.accepted += 1,
            None => self.refused += 1,
        }
        if ours == theirs {
            return;
        }
        match EXCEPTIONS.iter().find(|exception| (exception.applies)(text)) {
            Some(exception) => *self.excepted.entry(exception.reason).or_default() += 1,
            None => self
                .different
                .push(format!("`{text}`: {ours:?}, and packaging says {theirs:?}")),
        }
    }

    fn finish(self, what: &str) {
        let Self {
            accepted,
            refused,
            excepted,
            different,
        } = self;
        println!("{what}: {accepted} well-formed, {refused} not");
        for (reason, count) in excepted {
            println!("  {count} excepted: {reason}");
        }
        assert!(
            different.is_empty(),
            "{} differences:\n{}",
            different.len(),
            different.join("\n")
        );
        assert!(
            accepted > refused,
            "lopsided: {accepted} of {what} are well-formed, {refused} are not"
        );
    }
}

fn oracle() -> Oracle {
    Oracle::start(&Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/oracle_packaging.py"))
}

#[test]
fn versions_and_names() {
    let (mut oracle, mut cases, mut tally) = (oracle(), Cases::new(0), Tally::default());
    for _ in 0..3_000 {
        let text = cases.draw(&version_text());
        let ours = text.parse::<Version>().ok().map(|version| version.to_string());
        tally.compare(&text, ours, oracle.ask(&json!({ "version": text })));
    }
    for _ in 0..1_000 {
        let text = cases.draw(&name_text());
        let ours = text.parse::<PackageName>().ok().map(|name| name.to_string());
        tally.compare(&text, ours, oracle.ask(&json!({ "name": text })));
    }
    tally.finish("versions and names");
}

#[test]
fn the_order_of_versions() {
    let (mut oracle, mut cases, mut tally) = (oracle(), Cases::new(0), Tally::default());
    let mut equal = 0;
    for _ in 0..2_000 {
        let texts = [cases.draw(&near_version()), cases.draw(&near_version())];
        let [one, other]: [Version; 2] = texts.clone().map(|text| text.parse().unwrap());
        equal += u32::from(one == other);
        let ours = Some(one.cmp(&other) as i8);
        tally.compare(&texts.join(" and "), ours, oracle.ask(&json!({ "order": texts })));
    }
    tally.finish("pairs of versions");
    assert!(equal > 20, "only {equal} pairs are equal");
}

#[test]
fn specifiers() {
    let (mut oracle, mut cases, mut tally) = (oracle(), Cases::new(0), Tally::default());
    let mut satisfied = 0;
    for _ in 0..5_000 {
        let text = cases.draw(&specifiers_text());
        let version = cases.draw(&near_version());
        let parsed: Version = version.parse().unwrap();
        let ours = text
            .parse::<VersionSpecifiers>()
            .ok()
            .map(|list| specifier::matches_all(&list, &parsed));
        satisfied += u32::from(ours == Some(true));
        tally.compare(&text, ours.map(|answer| (&version, answer)), {
            let theirs: Option<bool> = oracle.ask(&json!({ "contains": [text, version] }));
            theirs.map(|answer| (&version, answer))
        });
    }
    tally.finish("specifiers");
    assert!(satisfied > 500, "only {satisfied} specifiers are satisfied");
}

#[test]
fn requirements() {
    let (mut oracle, mut cases, mut tally) = (oracle(), Cases::new(0), Tally::default());
    for _ in 0..4_000 {
        let text = cases.draw(&requirement_text());
        let ours = text.parse::<Requirement>().ok();
        if let Some(requirement) = &ours {
            let written = requirement.to_string();
            assert_eq!(
                written.parse().as_ref(),
                Ok(requirement),
                "{text} is written {written}"
            );
        }
        let theirs: Option<Value> = oracle.ask(&json!({ "requirement": text }));
        tally.compare(&text, ours.as_ref().map(parts), theirs);
    }
    tally.finish("requirements");
}

/// As `requirement` in `oracle_packaging.py` tells them.
fn parts(requirement: &Requirement) -> Value {
    let extras: BTreeSet<&ExtraName> = requirement.extras.iter().collect();
    let (specifiers, url) = match &requirement.version_or_url {
        None => (BTreeSet::new(), None),
        Some(VersionOrUrl::Url(url)) => (BTreeSet::new(), Some(url)),
        Some(VersionOrUrl::VersionSpecifier(list)) => {
            let part = |specifier: &mach_nix_model::VersionSpecifier| {
                let star = if specifier.operator().is_star() { ".*" } else { "" };
                let operator = specifier.operator().to_string();
                (
                    operator.trim_end_matches(".*").to_owned(),
                    format!("{}{star}", specifier.version()),
                )
            };
            (list.iter().map(part).collect(), None)
        }
    };
    json!({
        "name": requirement.name,
        "extras": extras,
        "specifiers": specifiers,
        "url": url,
        "marker": !requirement.marker.is_true(),
    })
}

#[test]
fn markers() {
    let (mut oracle, mut cases, mut tally) = (oracle(), Cases::new(0), Tally::default());
    let pythons = (10..=13).map(|minor| PythonVersion::python3(minor).unwrap());
    let targets: Vec<Target> = pythons
        .flat_map(|python| NixSystem::ALL.map(|system| Target { python, system }))
        .collect();
    let mut held = 0;
    for at in 0..6_000 {
        let text = cases.draw(&marker_text());
        let target = targets[at % targets.len()];
        let environment = target.marker_environment();
        let extra = ["", "cli", "fast-path"][at % 3];
        let extras: Vec<ExtraName> = extra.parse().into_iter().collect();
        let ours = text
            .parse::<Marker>()
            .ok()
            .map(|marker| marker.evaluate(&environment, &extras));
        held += u32::from(ours == Some(true));
        let theirs = oracle.ask(&json!({ "marker": [text, environment, extra] }));
        let label = format!("{text} ({target}, extra `{extra}`)");
        tally.compare(&label, ours, theirs);
    }
    tally.finish("markers");
    assert!(
        (1_500..4_500).contains(&held),
        "lopsided: {held} of 6000 markers hold"
    );
}
