//! Creating a snapshot from live indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use mach_nix_conda::CondaRecords;
use mach_nix_engine::{EngineError, ErrorClass, Request, Sources, lock};
use mach_nix_fetch::{FetchOptions, InsecureHost, RemoteIndex};
use mach_nix_model::{
    AllowedHashes, CondaPolicy, CondaRequirement, PackageIndex, PackageName, Policy, Prerelease, Provider,
    ProviderPreference, Providers, Requirement, Target,
};
use mach_nix_resolve::{CondaRoot, Origin as RequirementOrigin, RootRequirement};
use mach_nix_snapshot::{Closure, ClosureOptions, Origin, SnapshotProject, SnapshotWriter, whole};
use url::Url;

use crate::access::{refuse_unencrypted, with_hosts};
use crate::args::index::AccessOptions;
use crate::failure::Failure;
use crate::index::journal::{Journal, Kind};
use crate::index::resumed::Resumed;
use crate::index::visited::{Read, Visited};
use crate::progress::Line;
use crate::remote::cache_folder;
use crate::{output, snapshot};

/// The contents of a snapshot, as requirements.
#[derive(Default)]
pub struct Wanted {
    /// Requirements of Python.
    pub requirements: Vec<Requirement>,
    /// Requirements for conda packages.
    pub conda: Vec<CondaRequirement>,
    /// The addresses of the conda channels, which may have credentials.
    pub channels: Vec<Url>,
}

/// The indexes of a snapshot.
pub struct Indexes {
    /// Their addresses, in order.
    pub addresses: Vec<Url>,
    /// Those with names.
    pub names: Vec<(String, Url)>,
    /// The hosts whose connections need not be secure.
    pub insecure_hosts: Vec<InsecureHost>,
}

/// Creates the snapshot of these requirements, or of the whole index without requirements.
pub fn make(
    mut origin: Origin,
    mut wanted: Wanted,
    indexes: Indexes,
    access: &AccessOptions,
    path: &Path,
    quiet: bool,
) -> Result<(), Failure> {
    wanted.requirements.sort_by_cached_key(ToString::to_string);
    wanted.requirements.dedup();
    origin.requirements = wanted.requirements.iter().map(ToString::to_string).collect();
    wanted.conda.sort_by_cached_key(ToString::to_string);
    wanted.conda.dedup();
    if let Some(conda) = &mut origin.conda {
        conda.requirements = wanted.conda.iter().map(ToString::to_string).collect();
    }
    let progress = Arc::new(Line::new(quiet));
    let Indexes {
        addresses: indexes,
        names,
        insecure_hosts,
    } = indexes;
    let names = with_hosts(&names, indexes.iter());
    let trusted = crate::access::access(&access.trust, &names, &insecure_hosts);
    if !access.offline {
        refuse_unencrypted(&indexes, &trusted)?;
    }
    let options = FetchOptions {
        indexes,
        pinned_indexes: BTreeMap::new(),
        files: BTreeMap::new(),
        find_links: Vec::new(),
        credentials: wanted.channels.clone(),
        commits: BTreeMap::new(),
        access: trusted,
        cache: cache_folder(access.cache_dir.as_ref()),
        offline: access.offline,
        refresh: false,
        // A resolution from the snapshot may have a date limit.
        upload_times: true,
        jobs: usize::from(access.jobs),
        progress: progress.clone(),
    };
    let journal = Journal::open(path, &origin)?;
    if !quiet && journal.len() > 0 {
        let age = match journal.days() {
            0 => String::new(),
            days => format!(" from {} ago and before", counted(days, "day")),
        };
        output::note(format_args!(
            "resuming from {}, which has {} responses of the index{age}; delete it to start over",
            journal.path().display(),
            journal.len()
        ));
    }
    let written = if origin.is_whole() {
        collect_all(&origin, &options, &journal, path).map(|()| Vec::new())
    } else {
        let index = RemoteIndex::new(options);
        fill(&origin, &wanted, &Resumed::new(&index, &journal), path)
    };
    progress.finish();
    if written.is_ok() || journal.len() == 0 {
        journal.remove()?;
    }
    let warnings = written?;
    let made = snapshot::open(path)?;
    if !quiet {
        for warning in warnings {
            crate::log::warn(warning);
        }
        let counts = made.counts();
        output::note(format_args!(
            "{}: {}, {}, {}; {} bytes",
            path.display(),
            counted(counts.projects, "project"),
            counted(counts.releases, "release"),
            counted(counts.files, "file"),
            made.size()
        ));
    }
    Ok(())
}

fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Collects and writes the contents; returns warnings.
fn fill(
    origin: &Origin,
    wanted: &Wanted,
    index: &dyn PackageIndex,
    path: &Path,
) -> Result<Vec<String>, Failure> {
    let mut warnings = Vec::new();
    let read = resolve(origin, wanted, index, &mut warnings)?;
    let mut closure = Closure::new(closure_options(origin), index);
    for requirement in &wanted.requirements {
        closure.require(requirement);
    }
    for (name, version) in &read.releases {
        closure.keep(name, version).map_err(Failure::external)?;
    }
    closure.grow().map_err(Failure::external)?;
    let projects = closure
        .projects()
        .map(|project| project.map_err(Failure::external));
    replace(path, |out| write(origin, projects, &read.conda, out))?;
    Ok(warnings)
}

fn closure_options(origin: &Origin) -> ClosureOptions {
    ClosureOptions {
        targets: origin.targets.clone(),
        releases: usize::try_from(origin.releases).unwrap_or(usize::MAX),
        exclude_newer: origin.exclude_newer,
    }
}

/// Replaces the file once all is written.
fn replace(
    path: &Path,
    write: impl FnOnce(BufWriter<&mut File>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut failure = None;
    let written = output::replace(path, |file| {
        write(BufWriter::new(file)).map_err(|error| {
            failure = Some(error);
            io::Error::other("it is not complete")
        })
    });
    match (failure, written) {
        (Some(failure), _) => Err(failure),
        (None, Err(error)) => Err(Failure::external(format!(
            "cannot write {}: {error}",
            path.display()
        ))),
        (None, Ok(())) => Ok(()),
    }
}

/// Number of projects in memory at once while a whole index is written.
const AT_ONCE: usize = 64;

/// Stores a whole index in the journal, project by project, and writes the snapshot.
fn collect_all(
    origin: &Origin,
    options: &FetchOptions,
    journal: &Journal,
    path: &Path,
) -> Result<(), Failure> {
    let names = if let Some(names) = journal.get::<Vec<PackageName>>(Kind::Names, "") {
        names
    } else {
        let names = RemoteIndex::new(options.clone()).names();
        let names = names.map_err(Failure::external)?;
        journal.put(Kind::Names, "", &names).map_err(Failure::external)?;
        names
    };
    let open = names
        .iter()
        .filter(|name| !journal.has(Kind::Whole, name.as_ref()));
    let open: Vec<PackageName> = open.cloned().collect();
    for names in open.chunks(AT_ONCE) {
        // An index caches its results in memory.
        let index = RemoteIndex::new(options.clone());
        for project in whole(closure_options(origin), &index, names) {
            let project = project.map_err(Failure::external)?;
            let noted = journal.put(Kind::Whole, project.name.as_ref(), &project);
            noted.map_err(Failure::external)?;
        }
    }
    let unreadable = || Failure::external(format!("{} was changed; delete it", journal.path().display()));
    let projects = names.iter().map(|name| {
        let project = journal.get(Kind::Whole, name.as_ref());
        project.ok_or_else(unreadable)
    });
    replace(path, |out| write(origin, projects, &BTreeMap::new(), out))
}

fn write(
    origin: &Origin,
    projects: impl Iterator<Item = Result<SnapshotProject, Failure>>,
    conda: &BTreeMap<String, Arc<CondaRecords>>,
    out: impl Write,
) -> Result<(), Failure> {
    let mut writer = SnapshotWriter::new(out, origin.clone()).map_err(Failure::external)?;
    for project in projects {
        writer.add(&project?).map_err(Failure::external)?;
    }
    writer.add_conda(conda).map_err(Failure::external)?;
    writer.finish().map_err(Failure::external)?;
    Ok(())
}

/// Resolves each requirement separately and all together, for each target and for all of them, and returns the releases
/// that were read: the same request over the snapshot has the same result.
fn resolve(
    origin: &Origin,
    wanted: &Wanted,
    index: &dyn PackageIndex,
    warnings: &mut Vec<String>,
) -> Result<Read, Failure> {
    let visited = Visited::new(index);
    let mut targets: Vec<Vec<Target>> = origin.targets.iter().map(|target| vec![*target]).collect();
    targets.push(origin.targets.clone());
    for targets in &targets {
        let python = wanted.requirements.iter();
        let python = python.map(|one| (one.to_string(), std::slice::from_ref(one), &[][..]));
        let conda = wanted.conda.iter();
        let conda = conda.map(|one| (one.to_string(), &[][..], std::slice::from_ref(one)));
        for (text, requirements, conda) in python.chain(conda) {
            let request = request(origin, requirements, conda, targets);
            if let Err(error) = allow_refusal(lock(&request, &visited, None))?
                && let [target] = targets[..]
            {
                warnings.push(format!("`{text}` is not available for {target}: {error}"));
            }
        }
        // Incompatible requirements can be in the same snapshot.
        let all = request(origin, &wanted.requirements, &wanted.conda, targets);
        let _ = allow_refusal(lock(&all, &visited, None))?;
    }
    Ok(visited.read())
}

/// A refusal is a result; a failure of the index is an error.
fn allow_refusal<T>(result: Result<T, EngineError>) -> Result<Result<T, EngineError>, Failure> {
    match result {
        Err(error) if error.class() != ErrorClass::Impossible => Err(error.into()),
        answer => Ok(answer),
    }
}

fn request(
    origin: &Origin,
    requirements: &[Requirement],
    conda: &[CondaRequirement],
    targets: &[Target],
) -> Request {
    let root = |requirement: &Requirement| RootRequirement {
        requirement: requirement.clone(),
        origin: RequirementOrigin::CommandLine,
    };
    let conda_root = |requirement: &CondaRequirement| CondaRoot {
        requirement: requirement.clone(),
        origin: RequirementOrigin::CommandLine,
    };
    let channels = origin.conda.iter().flat_map(|conda| conda.channels.clone());
    let channels: Vec<_> = channels.collect();
    // As a lock has them: what is required by the name of the index comes from there, and the rest from conda first.
    let wheels = ProviderPreference::in_order([Provider::Wheel]);
    let own = requirements
        .iter()
        .map(|requirement| (requirement.name.clone(), wheels.clone()));
    let of_channels = channels
        .iter()
        .map(|channel| Provider::Conda(channel.name().into()));
    let has_conda = !conda.is_empty();
    Request {
        requirements: requirements.iter().map(root).collect(),
        constraints: Vec::new(),
        lines: String::new(),
        targets: targets.to_vec(),
        policy: Policy {
            providers: Providers {
                default: if has_conda {
                    wheels.clone().preceded_by(of_channels.collect())
                } else {
                    wheels.clone()
                },
                packages: if has_conda { own.collect() } else { BTreeMap::new() },
            },
            prerelease: Prerelease::default(),
            limits: origin.exclude_newer.into(),
            hashes: AllowedHashes::default(),
            conda: CondaPolicy {
                channels: if has_conda { channels.clone() } else { Vec::new() },
                ..CondaPolicy::default()
            },
        },
        sources: Sources {
            indexes: origin.indexes.clone(),
            ..Sources::default()
        },
        project: None,
        parts: None,
        folder: None,
        preferences: BTreeMap::new(),
        build_preferences: BTreeMap::new(),
        conda: conda.iter().map(conda_root).collect(),
        conda_preferences: BTreeSet::new(),
        variables: BTreeMap::new(),
    }
}
