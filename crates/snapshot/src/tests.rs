//! Valid and corrupt snapshots.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileInfo, IndexError, MetadataFile, PackageIndex, PackageName, Version,
    Yanked,
};
use proptest::prelude::*;

use crate::{
    Change, Origin, Snapshot, SnapshotError, SnapshotProject, SnapshotWriter, StoredFile, difference,
};

fn name(text: &str) -> PackageName {
    text.parse().unwrap()
}

fn stored(project: &str, version: u32) -> StoredFile {
    let filename = format!("{}-1.{version}-py3-none-any.whl", project.replace('-', "_"));
    let hash = (!version.is_multiple_of(5)).then(|| Sha256::of(&filename));
    let metadata = format!(
        "Metadata-Version: 2.1\nName: {project}\nRequires-Python: >=3.{}\nProvides-Extra: x\n\
         Requires-Dist: p-1>=1.{}\nRequires-Dist: other; extra == 'x'\n",
        version % 3,
        version % 4
    );
    StoredFile {
        metadata: (!version.is_multiple_of(7))
            .then(|| Arc::new(CoreMetadata::parse(metadata.as_bytes()).unwrap())),
        facts: hash.is_none().then(|| FileInfo {
            hash: Sha256::of("downloaded"),
            size: Some(9),
        }),
        file: DistributionFile {
            url: format!("https://files.test/{version}/{filename}").into(),
            filename: filename.into(),
            hash,
            size: hash.map(|_| u64::from(version)),
            requires_python: Some(format!(">=3.{}", version % 3).into()),
            yanked: if version == 2 {
                Yanked::Yes("why".into())
            } else {
                Yanked::No
            },
            upload_time: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
            metadata_file: MetadataFile::Unannounced,
        },
    }
}

fn project(text: &str, releases: u32) -> SnapshotProject {
    let release = |number: u32| {
        let version: Version = format!("1.{number}").parse().unwrap();
        (version, vec![stored(text, number)])
    };
    SnapshotProject {
        name: name(text),
        index: (releases > 0).then(|| "https://index.test/simple".into()),
        releases: (0..releases).map(release).collect(),
    }
}

/// Names are sorted as texts: p-0, p-1, p-10, ...
fn projects(count: u32) -> Vec<SnapshotProject> {
    let mut names: Vec<String> = (0..count).map(|number| format!("p-{number}")).collect();
    names.sort();
    let releases = |place: usize| u32::try_from(place % 9).unwrap();
    names
        .iter()
        .enumerate()
        .map(|(place, text)| project(text, releases(place)))
        .collect()
}

fn written(projects: &[SnapshotProject]) -> Vec<u8> {
    let mut writer = SnapshotWriter::new(Vec::new(), origin()).unwrap();
    for project in projects {
        writer.add(project).unwrap();
    }
    writer.finish().unwrap().0
}

fn origin() -> Origin {
    Origin {
        requirements: vec!["a".to_owned()],
        ..Origin::default()
    }
}

fn open(bytes: Vec<u8>) -> Result<Snapshot, SnapshotError> {
    Snapshot::from_source(bytes, "demo.snapshot".to_owned())
}

#[test]
fn everything_comes_back() {
    let projects = projects(2000);
    let bytes = written(&projects);
    assert_eq!(bytes, written(&projects), "equal content is equal bytes");
    let snapshot = open(bytes).unwrap();
    snapshot.verify().unwrap();
    assert!(snapshot.root.pages[0].size > 200, "there are several blocks");
    let found: Vec<_> = snapshot.projects().collect::<Result<_, _>>().unwrap();
    assert_eq!(found, projects);
    assert_eq!(snapshot.counts().projects, 2000);
}

#[test]
fn it_answers_as_the_index_did() {
    let projects = projects(2000);
    let snapshot = open(written(&projects)).unwrap();
    for held in &projects {
        let answer = snapshot.project(&held.name).unwrap();
        assert_eq!(answer.as_ref().map(|project| &project.index), held.index.as_ref());
        let Some(answer) = answer else { continue };
        for (version, files) in &held.releases {
            let found = answer.files_of(version);
            assert_eq!(found, [files[0].file.clone()]);
            let metadata = snapshot.metadata(&held.name, &found[0]);
            assert_eq!(metadata.ok(), files[0].metadata);
            let facts = snapshot.file_info(&found[0]).unwrap();
            assert_eq!(
                Some(facts.hash),
                found[0].hash.or(files[0].facts.map(|facts| facts.hash))
            );
        }
    }
}

#[test]
fn missing_contents_are_errors() {
    let snapshot = open(written(&[project("a", 0), project("p", 8)])).unwrap();
    assert!(
        snapshot.project(&name("a")).unwrap().is_none(),
        "known to be unknown"
    );
    for absent in ["0", "b", "z"] {
        let error = snapshot.project(&name(absent)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the snapshot demo.snapshot does not hold the project `{absent}`")
        );
    }
    let error = snapshot.metadata(&name("p"), &stored("p", 7).file).unwrap_err();
    assert!(matches!(error, IndexError::NotInSnapshot { .. }), "{error}");
    let address = "p @ https://files.test/p-1-py3-none-any.whl".parse().unwrap();
    assert_eq!(
        snapshot.direct(&address).unwrap_err().to_string(),
        "`p @ https://files.test/p-1-py3-none-any.whl` is a direct reference, and a snapshot contains only an index's files: \
         lock it from the index itself, without a snapshot"
    );
}

#[test]
fn names_come_in_order() {
    let mut writer = SnapshotWriter::new(Vec::new(), origin()).unwrap();
    writer.add(&project("b", 1)).unwrap();
    let error = writer.add(&project("a", 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "projects must be sorted by name, and `a` came after `b`"
    );
}

#[test]
fn differences_are_found() {
    let before = open(written(&[project("a", 2), project("b", 1), project("d", 1)])).unwrap();
    let mut other = project("b", 1);
    other.releases[0].1[0].file.size = Some(77);
    let after = open(written(&[project("a", 3), other, project("c", 1)])).unwrap();
    let mut changes = Vec::new();
    difference(&before, &after, |change| changes.push(change)).unwrap();
    let version = |text: &str| text.parse::<Version>().unwrap();
    assert_eq!(
        changes,
        [
            Change::Added(name("a"), version("1.2")),
            Change::Changed(name("b"), version("1.0")),
            Change::ProjectAdded(name("c")),
            Change::ProjectRemoved(name("d")),
        ]
    );
}

#[test]
fn other_files_and_newer_formats_are_refused() {
    let message = |bytes: Vec<u8>| open(bytes).unwrap_err().to_string();
    let foreign = "demo.snapshot is not a snapshot: name a file that `mach-nix index build` made";
    assert_eq!(message(Vec::new()), foreign);
    assert_eq!(message(b"{\"version\": 1}\n".to_vec()), foreign);
    let mut newer = written(&projects(3));
    newer[8] = 9;
    assert_eq!(
        message(newer),
        "demo.snapshot has snapshot format 9, and this release reads formats up to 1: \
         use a newer mach-nix, or build the snapshot with this one"
    );
}

#[test]
fn a_part_of_a_snapshot_is_refused() {
    let whole = written(&projects(40));
    for length in 12..whole.len() {
        let error = open(whole[..length].to_vec()).unwrap_err();
        assert!(
            matches!(error, SnapshotError::Damaged { .. }),
            "{length}: {error}"
        );
    }
}

/// Sends every query; results may be wrong if a checksum was forged, but no query panics.
fn ask(snapshot: &Snapshot, names: &[PackageName]) {
    for name in names {
        let Ok(Some(project)) = snapshot.project(name) else {
            continue;
        };
        for release in 0..project.versions().len() {
            for file in project.files(release) {
                let _ = snapshot.metadata(name, &file);
                let _ = snapshot.file_info(&file);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// No flipped bit in a snapshot goes unnoticed.
    #[test]
    fn a_flipped_bit_is_found(place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = written(&projects(40));
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(snapshot) = open(bytes) {
            ask(&snapshot, &[name("p-1"), name("p-8")]);
            let error = snapshot.verify().unwrap_err();
            prop_assert!(matches!(error, SnapshotError::Damaged { .. }), "{}", error);
        }
    }
}
