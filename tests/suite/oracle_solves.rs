//! Solves over real channels, next to py-rattler's solver: the same requests can be met, and nearly always by the same packages. What
//! differs is checked for itself, without the solver.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mach_nix_conda::{CondaName, CondaRecord, CondaSpec, Interpreter, VirtualPackages};
use mach_nix_engine::{ErrorClass, Request, lock};
use mach_nix_fetch::{FetchOptions, RemoteIndex, channel_at};
use mach_nix_lock::LockedSource;
use mach_nix_model::CondaRequirement;
use mach_nix_oracle::{ask, has};
use mach_nix_resolve::{CondaRoot, Origin};
use mach_nix_tests::{Ask, CondaData, read_repodata};
use serde_json::{Map, Value, json};
use url::Url;

const REQUESTS: usize = 500;
const PYTHON: &str = "3.6";

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

/// The channels `main` and `r` in a folder. Python is that of the environment for both solvers, and digests are made where
/// there are none.
struct Channels {
    folder: tempfile::TempDir,
    records: BTreeMap<(String, String, String), Arc<CondaRecord>>,
}

fn channels(data: &CondaData) -> Channels {
    let mut channels = Channels {
        folder: tempfile::tempdir().unwrap(),
        records: BTreeMap::new(),
    };
    let texts = data
        .repodata()
        .into_iter()
        .filter_map(|(channel, subdir, text)| match channel {
            "main-2018" => Some(("main", subdir, text)),
            "r" => Some(("r", subdir, text)),
            _ => None,
        });
    for (channel, subdir, text) in texts {
        let repodata: Value = serde_json::from_str(&text).unwrap();
        let mut cleaned = json!({"info": {"subdir": subdir.as_str()}});
        for key in ["packages", "packages.conda"] {
            let records = repodata[key].as_object().cloned().unwrap_or_default();
            let is_ours = |record: &Value| {
                let name: CondaName = record["name"].as_str().unwrap().parse().unwrap();
                !Interpreter::owns(&name)
            };
            let records = records.into_iter().filter(|(_, record)| is_ours(record));
            let records: Map<String, Value> = records
                .map(|(file, mut record)| {
                    record
                        .as_object_mut()
                        .unwrap()
                        .entry("sha256")
                        .or_insert_with(|| json!("00".repeat(32)));
                    (file, record)
                })
                .collect();
            cleaned[key] = records.into();
        }
        write(
            &channels.folder.path().join(channel).join(subdir.as_str()),
            &cleaned,
        );
        for record in read_repodata(channel, subdir, &cleaned.to_string())
            .into_iter()
            .flat_map(|read| read.usable)
        {
            let key = (
                record.name.to_string(),
                record.version.to_string(),
                record.build.to_string(),
            );
            channels.records.entry(key).or_insert(record);
        }
    }
    write(
        &channels.folder.path().join("r/noarch"),
        &json!({"info": {"subdir": "noarch"}, "packages": {}}),
    );
    // py-rattler's interpreter.
    let stub = |name: &str, version: &str, build: &str| {
        let record = json!({"name": name, "version": version, "build": build, "build_number": 0, "depends": [], "subdir": "linux-64"});
        (format!("{name}-{version}-{build}.tar.bz2"), record)
    };
    let stubs: Map<String, Value> = [
        stub("python", "3.6.0", "0_cpython"),
        stub("python_abi", "3.6", "0_cp36"),
    ]
    .into_iter()
    .collect();
    write(
        &channels.folder.path().join("stub/linux-64"),
        &json!({"info": {"subdir": "linux-64"}, "packages": stubs}),
    );
    channels
}

fn write(folder: &Path, repodata: &Value) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("repodata.json"), repodata.to_string()).unwrap();
}

/// Up to four names, some with a version or a bound.
fn requests(channels: &Channels) -> Vec<Vec<String>> {
    let mut numbers = Numbers(7);
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, version, _) in channels.records.keys() {
        versions.entry(name).or_default().push(version);
    }
    let names: Vec<(&str, Vec<&str>)> = versions.into_iter().collect();
    let mut spec = || {
        let (name, versions) = &names[numbers.below(names.len())];
        let version = versions[numbers.below(versions.len())];
        match numbers.below(5) {
            0 => format!("{name} =={version}"),
            1 => format!("{name} >={version}"),
            2 => format!("{name} <{version}"),
            _ => (*name).to_owned(),
        }
    };
    (0..REQUESTS)
        .map(|number| (0..=number % 4).map(|_| spec()).collect())
        .collect()
}

fn index() -> RemoteIndex {
    RemoteIndex::new(FetchOptions {
        indexes: Vec::new(),
        pinned_indexes: BTreeMap::new(),
        files: BTreeMap::new(),
        find_links: Vec::new(),
        credentials: Vec::new(),
        access: mach_nix_fetch::Access::default(),
        cache: None,
        offline: true,
        refresh: false,
        commits: BTreeMap::new(),
        upload_times: false,
        jobs: 1,
        progress: Arc::new(()),
    })
}

fn request(channels: &Channels, specs: &[String]) -> Request {
    let ask: Ask = toml::from_str(&format!(
        "requirements = []\npython = '{PYTHON}'\nsystem = 'x86_64-linux'\nproviders = 'conda/main,conda/r'\n"
    ))
    .unwrap();
    let mut request = ask.request();
    request.policy.conda.channels = ["main", "r"]
        .map(|name| {
            let url = Url::from_file_path(channels.folder.path().join(name)).unwrap();
            channel_at(name, &url)
        })
        .to_vec();
    request.conda = specs
        .iter()
        .map(|text| CondaRoot {
            requirement: CondaRequirement::from(text.parse::<CondaSpec>().unwrap()),
            origin: Origin::CommandLine,
        })
        .collect();
    request
}

type Chosen = BTreeMap<String, (String, String)>;

/// What our solver chooses; `None` where the request cannot be met.
fn chosen(channels: &Channels, index: &RemoteIndex, specs: &[String]) -> Option<Chosen> {
    let locked = match lock(&request(channels, specs), index, None) {
        Ok(locked) => locked.lock,
        Err(error) if error.class() == ErrorClass::Impossible => return None,
        Err(error) => panic!("{specs:?}: {error}"),
    };
    let packages = locked.packages.iter().map(|package| match &package.source {
        LockedSource::Conda(conda) => {
            let file = mach_nix_conda::PackageFile::parse(&conda.file.name).unwrap();
            (
                file.name().to_owned(),
                (package.version.to_string(), conda.build.clone()),
            )
        }
        other => panic!("{other:?}"),
    });
    Some(packages.collect())
}

/// Why a set of packages is not an environment, by its records alone.
fn fault(channels: &Channels, specs: &[String], chosen: &Chosen) -> Option<String> {
    let interpreter = Interpreter::of(PYTHON.parse().unwrap());
    let virtual_packages = VirtualPackages::of(mach_nix_tags::NixSystem::X86_64Linux);
    let record = |name: &str| {
        let (version, build) = chosen.get(name)?;
        Some(&channels.records[&(name.to_owned(), version.clone(), build.clone())])
    };
    let outside = |spec: &CondaSpec| {
        let is_virtual = spec.name().as_str().starts_with("__");
        interpreter
            .meets(spec)
            .or_else(|| is_virtual.then(|| virtual_packages.meet(spec)))
    };
    let is_met = |spec: &CondaSpec| {
        outside(spec).unwrap_or_else(|| record(spec.name().as_str()).is_some_and(|record| record.meets(spec)))
    };
    for text in specs {
        if !is_met(&text.parse().unwrap()) {
            return Some(format!("`{text}` is not met"));
        }
    }
    for name in chosen.keys() {
        let one = record(name).unwrap();
        if let Some(spec) = one.depends.iter().find(|spec| !is_met(spec)) {
            return Some(format!("{one} depends on `{spec}`"));
        }
        let limits = |spec: &&Arc<CondaSpec>| {
            let there = outside(spec).is_some() || chosen.contains_key(spec.name().as_str());
            there && !is_met(spec)
        };
        if let Some(spec) = one.constrains.iter().find(limits) {
            return Some(format!("{one} limits `{spec}`"));
        }
    }
    None
}

#[test]
fn requests_over_real_channels_are_solved_as_rattler_solves_them() {
    let Some(data) = CondaData::find("solving over real channels") else {
        return;
    };
    if !has("rattler") {
        eprintln!("left out, because the Python of the tests lacks py-rattler: solving over real channels");
        return;
    }
    let channels = channels(&data);
    let requests = requests(&channels);
    let folder = |name: &str| -> PathBuf { channels.folder.path().join(name) };
    let folders = [
        "stub/linux-64",
        "main/linux-64",
        "main/noarch",
        "r/linux-64",
        "r/noarch",
    ]
    .map(folder);
    let virtual_packages = VirtualPackages::of(mach_nix_tags::NixSystem::X86_64Linux);
    let virtual_packages: Vec<_> = virtual_packages
        .iter()
        .map(|one| {
            (
                one.name.to_string(),
                one.version.to_string(),
                one.build.to_string(),
            )
        })
        .collect();
    let with_python: Vec<Vec<String>> = requests
        .iter()
        .map(|specs| [&["python ==3.6.0".to_owned()], &specs[..]].concat())
        .collect();
    let script = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/suite/oracle_solves.py"));
    let question = json!({"folders": folders, "virtual": virtual_packages, "requests": with_python});
    let answers: Vec<Value> = ask(script, &question);
    let index = index();
    let (mut met, mut same, mut differing) = (0, 0, BTreeMap::<String, usize>::new());
    for (specs, answer) in requests.iter().zip(&answers) {
        let ours = chosen(&channels, &index, specs);
        if let Some(error) = answer.get("error") {
            assert_eq!(ours, None, "{specs:?}: py-rattler refuses: {error}");
            continue;
        }
        let theirs: Chosen = serde_json::from_value(answer.clone()).unwrap();
        let theirs: Chosen = theirs
            .into_iter()
            .filter(|(name, _)| !name.starts_with("python_abi") && name != "python")
            .collect();
        let ours = ours.unwrap_or_else(|| panic!("{specs:?}: py-rattler finds {theirs:?}"));
        met += 1;
        if ours == theirs {
            same += 1;
            continue;
        }
        assert_eq!(fault(&channels, specs, &ours), None, "{specs:?}: {ours:?}");
        for name in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            if ours.get(name) != theirs.get(name) {
                *differing.entry(name.clone()).or_default() += 1;
            }
        }
    }
    eprintln!(
        "{met} of {REQUESTS} requests can be met, {same} by the same packages; names that differ: {differing:?}"
    );
    assert!(same * 100 >= met * 95, "{same} of {met}: {differing:?}");
}
