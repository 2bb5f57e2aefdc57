//! Every reader of foreign files has a target for fuzzing (`./dev fuzz`), and a few rounds of it with a fixed seed.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

#[path = "../benches/readers/mod.rs"]
mod readers;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mach_nix_manifest::ManifestKind;
use mach_nix_tests::Seeded;

/// Rounds of each reader.
const ROUNDS: u64 = 300;

/// Readers of what is no manifest. Those of snapshots, locks and saved problems are in `tests/benches/fuzz.rs`.
const OTHERS: [&str; 26] = [
    "METADATA",
    "backend-answer",
    "conda-file-name",
    "conda-spec",
    "content-range",
    "git-references",
    "json-api",
    "mach-nix.toml",
    "netrc",
    "nixpkgs-inventory",
    "provider-list",
    "query",
    "repodata.json",
    "requirement",
    "sdist-name",
    "sdist-tar",
    "sdist-tar-gz",
    "sdist-zip",
    "shard",
    "shard-index",
    "simple-page",
    "simple-root",
    "version",
    "wheel",
    "wheel-in-parts",
    "wheel-name",
];

#[test]
fn every_kind_of_manifest_and_every_other_reader_has_a_target() {
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/manifest/src/manifest.rs"));
    let file = syn::parse_file(&source.unwrap()).unwrap();
    let kinds: BTreeSet<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Enum(found) if found.ident == "ManifestKind" => Some(&found.variants),
            _ => None,
        })
        .flatten()
        .map(|variant| variant.ident.to_string())
        .collect();
    assert!(kinds.len() > 8, "{kinds:?}");
    let subjects = readers::subjects();
    let (others, manifests): (Vec<_>, Vec<_>) = subjects
        .iter()
        .partition(|subject| OTHERS.contains(&subject.what));
    let read: BTreeSet<String> = manifests
        .iter()
        .map(|subject| format!("{:?}", ManifestKind::of(Path::new(subject.what))))
        .collect();
    assert_eq!(read, kinds);
    let others: BTreeSet<&str> = others.iter().map(|subject| subject.what).collect();
    assert_eq!(others, BTreeSet::from(OTHERS));
    let bench = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/fuzz.rs")).unwrap();
    for name in [
        "snapshot",
        "snapshot-below-checksums",
        "lock",
        "saved-problem",
        "Cargo.lock",
    ] {
        assert!(bench.contains(&format!("subject(\"{name}\"")), "{name}");
    }
}

#[test]
fn no_reader_panics_over_damaged_files() {
    for subject in readers::subjects() {
        (subject.read)(&subject.whole);
        for round in 0..ROUNDS {
            let input = damaged(&subject.whole, round);
            let done = catch_unwind(AssertUnwindSafe(|| (subject.read)(&input)));
            assert!(
                done.is_ok(),
                "{}: round {round}: {:?}",
                subject.what,
                String::from_utf8_lossy(&input)
            );
        }
    }
}

/// Bytes removed, doubled, exchanged or replaced by ones that mean something to readers.
fn damaged(whole: &[u8], round: u64) -> Vec<u8> {
    const TOKENS: [&[u8]; 10] = [
        b"\xff\xff\xff\xff",
        b"\0",
        b"\"",
        b"{{[[((",
        b"../../",
        b"99999999999999999999",
        b"${A}",
        b"\r\n",
        "\u{e9}\u{2028}".as_bytes(),
        b"@",
    ];
    let mut random = Seeded::new(round + 1);
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(3) {
        let mut place = |length: usize| usize::try_from(random.below(length as u64)).unwrap();
        let at = place(bytes.len());
        let end = (at + place(20)).min(bytes.len());
        match place(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => drop(bytes.splice(at..end, TOKENS[place(TOKENS.len())].iter().copied())),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << 5),
        }
    }
    bytes
}
