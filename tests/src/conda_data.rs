//! Real data of conda channels, which is not a part of the repository: `MACH_NIX_TEST_CONDA_DATA` is its folder, else
//! `../shared/data/conda` next to the checkout.

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::GzDecoder;
use mach_nix_conda::{Channel, CondaRecords, RecordReader, RecordSource, RepodataScanner, Subdir};
use serde_json::{Map, Value};

const VARIABLE: &str = "MACH_NIX_TEST_CONDA_DATA";

/// A folder with real data of conda channels.
pub struct CondaData(PathBuf);

impl CondaData {
    /// The folder; `None`, which is said on standard error, where there is none.
    ///
    /// # Panics
    /// When the variable names something else.
    #[must_use]
    pub fn find(left_out: &str) -> Option<Self> {
        if let Some(folder) = env::var_os(VARIABLE) {
            let folder = PathBuf::from(folder);
            assert!(folder.is_dir(), "{VARIABLE}={} is not a folder", folder.display());
            return Some(Self(folder));
        }
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/conda");
        if !beside.is_dir() {
            eprintln!("left out, because {VARIABLE} is not set: {left_out}");
            return None;
        }
        Some(Self(beside))
    }

    /// The content of a file, which is gzipped.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let path = self.0.join(format!("{name}.gz"));
        let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut text = String::new();
        GzDecoder::new(file)
            .read_to_string(&mut text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        text
    }

    /// The texts of all versions.
    #[must_use]
    pub fn versions(&self) -> Vec<String> {
        self.text("versions.txt").lines().map(str::to_owned).collect()
    }

    /// Repodata, one text per folder of a channel, with the name of the channel.
    ///
    /// # Panics
    /// When a file is not JSON.
    #[must_use]
    pub fn repodata(&self) -> Vec<(&'static str, Subdir, String)> {
        let mut all = vec![
            ("r", Subdir::Linux64, self.text("r-linux-64.repodata.json")),
            ("main", Subdir::Noarch, self.text("main-noarch.repodata.json")),
            (
                "pytorch",
                Subdir::Linux64,
                self.text("pytorch-linux-64.repodata.json"),
            ),
            (
                "conda-forge",
                Subdir::Linux64,
                self.text("conda-forge-numpy-linux-64.repodata.json"),
            ),
        ];
        // Both folders of a channel in one map.
        let records: Map<String, Value> =
            serde_json::from_str(&self.text("main-2018-linux-64.records.json")).expect("JSON");
        for subdir in [Subdir::Linux64, Subdir::Noarch] {
            let own = records
                .iter()
                .filter(|(_, record)| record["subdir"] == subdir.as_str());
            let own: Map<String, Value> = own.map(|(file, record)| (file.clone(), record.clone())).collect();
            let info = serde_json::json!({"subdir": subdir.as_str()});
            all.push((
                "main-2018",
                subdir,
                serde_json::json!({"info": info, "packages": own}).to_string(),
            ));
        }
        all
    }
}

/// All records of a `repodata.json`.
///
/// # Panics
/// When it is not one.
#[must_use]
pub fn read_repodata(channel: &str, subdir: Subdir, repodata: &str) -> Vec<CondaRecords> {
    let mut scanner = RepodataScanner::default();
    scanner.add(repodata.as_bytes()).expect("repodata");
    let table = scanner.finish().expect("repodata");
    let source = RecordSource {
        channel: Arc::new(Channel::public(channel)),
        subdir,
        base_url: format!("https://conda.example.org/{channel}/{subdir}/").into(),
    };
    let names = table.names().map(|name| {
        let mut reader = RecordReader::new(source.clone());
        for place in table.records(name) {
            let start = usize::try_from(place.offset).expect("it is in memory");
            reader.add_json(place.file, &repodata.as_bytes()[start..start + place.length]);
        }
        reader.finish()
    });
    names.collect()
}
