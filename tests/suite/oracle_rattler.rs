//! py-rattler, an implementation of conda's specifications, asked about real versions and match specs; and how real
//! repodata is read.
//!
//! Its data and py-rattler are not a part of the repository: where they are missing, these tests say that they are left
//! out.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use mach_nix_conda::{CondaRecord, CondaSpec, CondaVersion};
use mach_nix_oracle::{ask, has};
use mach_nix_tests::{CondaData, read_repodata};
use serde_json::json;

/// The number of versions in the data.
const VERSIONS: usize = 28_530;

/// The number of pairs of versions that are compared.
const PAIRS: usize = 100_000;

/// Maximum number of distinct match specs; the data has 2,172.
const SPECS: usize = 5_000;

/// The number of records of other packages that a spec of a package without records is compared with.
const STRANGERS: usize = 12;

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

fn script() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/suite/oracle_rattler.py"))
}

/// The data, if there is also py-rattler to compare with.
fn data_and_oracle(left_out: &str) -> Option<CondaData> {
    let data = CondaData::find(left_out)?;
    if !has("rattler") {
        eprintln!("left out, because the Python of the tests lacks py-rattler: {left_out}");
        return None;
    }
    Some(data)
}

/// Every usable record of the real repodata.
fn records(data: &CondaData) -> Vec<Arc<CondaRecord>> {
    let all = data
        .repodata()
        .into_iter()
        .flat_map(|(channel, subdir, text)| read_repodata(channel, subdir, &text));
    all.flat_map(|records| records.usable).collect()
}

#[test]
fn every_real_version_is_read() {
    let Some(data) = CondaData::find("reading real versions") else {
        return;
    };
    let versions = data.versions();
    assert_eq!(versions.len(), VERSIONS);
    let refused: Vec<_> = versions
        .iter()
        .filter_map(|text| text.parse::<CondaVersion>().err())
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn versions_compare_as_rattler_compares_them() {
    let Some(data) = data_and_oracle("comparing real versions") else {
        return;
    };
    let mut versions: Vec<CondaVersion> = data.versions().iter().map(|text| text.parse().unwrap()).collect();
    versions.sort();
    let mut numbers = Numbers(1);
    // Any two, and two that are near each other.
    let pairs: Vec<(usize, usize)> = (0..PAIRS)
        .map(|index| {
            let a = numbers.below(versions.len());
            let b = if index % 2 == 0 {
                numbers.below(versions.len())
            } else {
                a + numbers.below(6)
            };
            if numbers.below(2) == 0 {
                (a, b.min(versions.len() - 1))
            } else {
                (b.min(versions.len() - 1), a)
            }
        })
        .collect();
    let texts: Vec<&str> = versions.iter().map(CondaVersion::as_str).collect();
    let theirs: String = ask(
        script(),
        &json!({"about": "versions", "versions": texts, "pairs": pairs}),
    );
    let ours = pairs.iter().map(|(a, b)| match versions[*a].cmp(&versions[*b]) {
        Ordering::Less => '<',
        Ordering::Equal => '=',
        Ordering::Greater => '>',
    });
    assert_eq!(theirs.len(), PAIRS);
    let different = pairs
        .iter()
        .zip(ours)
        .zip(theirs.chars())
        .filter(|((_, ours), theirs)| ours != theirs);
    let different: Vec<String> = different
        .map(|(((a, b), ours), theirs)| {
            format!("{} {ours} {}, and rattler says {theirs}", texts[*a], texts[*b])
        })
        .collect();
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn specs_match_the_records_that_rattler_matches() {
    let Some(data) = data_and_oracle("matching real specs with real records") else {
        return;
    };
    let records = records(&data);
    let mut of_name: BTreeMap<&str, Vec<&CondaRecord>> = BTreeMap::new();
    for record in &records {
        of_name.entry(record.name.as_str()).or_default().push(record);
    }
    let specs = records
        .iter()
        .flat_map(|record| record.depends.iter().chain(&record.constrains));
    let specs: BTreeMap<String, &CondaSpec> = specs.map(|spec| (spec.to_string(), &**spec)).collect();
    let mut numbers = Numbers(2);
    let mut chosen: Vec<(&String, &&CondaSpec)> = specs.iter().collect();
    while chosen.len() > SPECS {
        chosen.swap_remove(numbers.below(chosen.len()));
    }
    // A spec of a package that has no records is compared with some that are called like it.
    let questions: Vec<(&CondaSpec, Vec<CondaRecord>)> = chosen
        .into_iter()
        .map(|(_, spec)| {
            let own = of_name.get(spec.name().as_str()).cloned().unwrap_or_default();
            let others = (0..STRANGERS).map(|_| &*records[numbers.below(records.len())]);
            let called = |record: &CondaRecord| CondaRecord {
                name: spec.name().clone(),
                ..record.clone()
            };
            let all = own.into_iter().chain(others).map(called);
            (*spec, all.collect())
        })
        .collect();
    let asked: Vec<_> = questions
        .iter()
        .map(|(spec, records)| {
            let records = records.iter().map(|one| {
                (
                    one.name.as_str(),
                    one.version.as_str(),
                    &one.build,
                    one.build_number,
                )
            });
            (spec.to_string(), records.collect::<Vec<_>>())
        })
        .collect();
    let theirs: Vec<String> = ask(script(), &json!({"about": "specs", "specs": asked}));
    let mut met = 0;
    let mut different = Vec::new();
    for ((spec, records), theirs) in questions.iter().zip(theirs) {
        let ours: String = records
            .iter()
            .map(|record| if record.meets(spec) { '1' } else { '0' })
            .collect();
        met += ours.matches('1').count();
        if ours != theirs {
            different.push(format!("{spec}: {ours}, and rattler says {theirs}"));
        }
    }
    eprintln!("{} distinct specs, met by {met} records", questions.len());
    assert!(different.is_empty(), "{different:#?}");
    assert!(met > questions.len(), "{met}");
}

#[test]
fn every_record_of_real_channels_is_usable() {
    let Some(data) = CondaData::find("reading real repodata") else {
        return;
    };
    let mut skipped = BTreeSet::new();
    let mut count = 0;
    for (channel, subdir, text) in data.repodata() {
        for records in read_repodata(channel, subdir, &text) {
            count += records.usable.len();
            skipped.extend(
                records
                    .skipped
                    .into_iter()
                    .map(|record| format!("{}: {}", record.file, record.reason)),
            );
        }
    }
    // This file was taken from a solver's tests, which put both folders of the channel into one.
    let elsewhere = "it is of the subdir noarch, and linux-64 lists it";
    let (moved, others): (Vec<_>, Vec<_>) = skipped.into_iter().partition(|text| text.ends_with(elsewhere));
    assert_eq!(others, Vec::<String>::new());
    assert_eq!(moved.len(), 4, "{moved:?}");
    assert!(count > 12_000, "{count}");
}
