//! `mach-nix index build` and `mach-nix index add`: requirements and indexes.

use mach_nix_engine::{PolicyOptions, conda_channels};
use mach_nix_fetch::{DEFAULT_INDEX, channel_at};
use mach_nix_manifest::{ReadContext, Requirements, Selection, parse_manifest};
use mach_nix_model::{CondaRequirement, Requirement, VersionOrUrl, recorded_address};
use mach_nix_nix::Nix;
use mach_nix_snapshot::{CondaOrigin, Origin, Snapshot};
use url::Url;

use crate::args::index::{AddOptions, BuildOptions, RequirementOptions};
use crate::failure::Failure;
use crate::index::make::{Indexes, Wanted};
use crate::inputs::targets;
use crate::sources::{indexes, insecure_hosts, names, refuse_folders};
use crate::{disk, index::make, requirement_arguments, snapshot};

pub fn build(options: &BuildOptions, quiet: bool) -> Result<(), Failure> {
    let mut found = read(&options.wanted)?;
    if found.requirements.is_empty() && found.conda_requirements().next().is_none() && !options.all {
        return Err(Failure::usage(
            "no requirements: name packages, as in `mach-nix index build flask -o demo.snapshot`, or a file with -r",
        ));
    }
    let indexes = Indexes {
        addresses: indexes(&options.index_url, &options.extra_index_url, false, &found),
        names: names(&options.index_url, &options.extra_index_url, &found),
        insecure_hosts: insecure_hosts(&found)?,
    };
    let channels = conda_channels(&mut found, &options.conda_channel, &PolicyOptions::default());
    let conda = (!channels.is_empty()).then(|| CondaOrigin {
        requirements: Vec::new(),
        channels: channels.iter().map(|(name, url)| channel_at(name, url)).collect(),
    });
    let mut wanted = wanted(found)?;
    wanted.channels = channels.into_iter().map(|(_, url)| url).collect();
    refuse_folders(&indexes.addresses)?;
    if options.all {
        refuse_public(&indexes.addresses)?;
    }
    let origin = Origin {
        requirements: Vec::new(),
        targets: targets(&options.python, &options.system, &Nix::new(None))?,
        releases: options.releases,
        exclude_newer: options.exclude_newer,
        indexes: indexes.addresses.iter().map(recorded_address).collect(),
        conda,
    };
    make::make(origin, wanted, indexes, &options.access, &options.output, quiet)
}

/// Rejects a whole public index: that would send hundreds of thousands of requests to a service paid for by others.
fn refuse_public(indexes: &[Url]) -> Result<(), Failure> {
    let public: Url = DEFAULT_INDEX.parse().expect("a constant");
    if indexes.iter().any(|index| index.domain() == public.domain()) {
        return Err(Failure::usage(
            "--all is for an index of your own, and this is the public one: name your index with --index-url, or name the \
             packages that you need",
        ));
    }
    Ok(())
}

pub fn add(options: &AddOptions, quiet: bool) -> Result<(), Failure> {
    let found = read(&options.wanted)?;
    if found.requirements.is_empty() && found.conda_requirements().next().is_none() {
        return Err(Failure::usage(
            "no requirements: name packages, as in `mach-nix index add demo.snapshot django`, or a file with -r",
        ));
    }
    let held = snapshot::open(&options.snapshot)?;
    let origin = held.origin().clone();
    if origin.is_whole() {
        return Err(Failure::usage(format!(
            "{} is a whole index: create it again with `mach-nix index build --all` (see `mach-nix index build --help`)",
            held.name()
        )));
    }
    refuse_other_indexes(&found, &held)?;
    let (names, insecure_hosts) = (found.options.index_names.clone(), insecure_hosts(&found)?);
    let mut wanted = wanted(found)?;
    if origin.conda.is_none() && !wanted.conda.is_empty() {
        return Err(Failure::usage(format!(
            "{} was created without conda channels: create it again with `--conda-channel`",
            held.name()
        )));
    }
    let unreadable =
        |text: &str| Failure::external(format!("{} names `{text}`, which is unreadable", held.name()));
    for text in &origin.requirements {
        wanted
            .requirements
            .push(text.parse().map_err(|_| unreadable(text))?);
    }
    for text in origin.conda.iter().flat_map(|conda| &conda.requirements) {
        wanted.conda.push(text.parse().map_err(|_| unreadable(text))?);
    }
    let mut addresses = Vec::new();
    for text in &origin.indexes {
        addresses.push(text.parse().map_err(|_| unreadable(text))?);
    }
    let indexes = Indexes {
        addresses,
        names,
        insecure_hosts,
    };
    make::make(origin, wanted, indexes, &options.access, &options.snapshot, quiet)
}

/// Rejects indexes in the files that differ from the snapshot's indexes.
fn refuse_other_indexes(found: &Requirements, held: &Snapshot) -> Result<(), Failure> {
    let named = found
        .options
        .extra_index_urls
        .iter()
        .chain(&found.options.index_url);
    let mut named = named.map(recorded_address);
    match named.find(|index| !held.origin().indexes.contains(index)) {
        None => Ok(()),
        Some(index) => Err(Failure::usage(format!(
            "{} was not created with the index {index}: create it again (see `mach-nix index build --help`)",
            held.name()
        ))),
    }
}

/// The requirements of the command line and files, if a snapshot can contain them.
fn read(wanted: &RequirementOptions) -> Result<Requirements, Failure> {
    let folder = std::env::current_dir()
        .map_err(|error| Failure::external(format!("the current folder cannot be found: {error}")))?;
    let context = ReadContext {
        variable: &|name| std::env::var(name).ok(),
        ..disk::context(&folder)
    };
    let mut found = Requirements::default();
    requirement_arguments::add(&mut found, &wanted.requirements, &context)?;
    for path in &wanted.requirement_files {
        found.append(parse_manifest(path, &Selection::default(), &context).map_err(Failure::usage)?);
    }
    found.check().map_err(Failure::usage)?;
    if found.options.no_index || !found.options.find_links.is_empty() {
        return Err(Failure::usage(
            "the files have --no-index or --find-links, which a snapshot does not support: remove them, or make a lock",
        ));
    }
    if let Some(source) = found.sources.first() {
        let reason = "this is not in an index, and a snapshot contains only packages of an index: require a version instead";
        return Err(Failure::usage(source.error(reason)));
    }
    if let Some((name, urls)) = found.options.index_of.first() {
        let urls: Vec<String> = urls.iter().map(recorded_address).collect();
        return Err(Failure::usage(format!(
            "`{name}` is pinned to {}, and a snapshot does not support pinned indexes: name them with --index-url and \
             --extra-index-url",
            urls.join(" and ")
        )));
    }
    Ok(found)
}

/// The requirements of the command line and of the files.
fn wanted(found: Requirements) -> Result<Wanted, Failure> {
    let conda = found.conda_requirements().map(|entry| CondaRequirement {
        spec: entry.spec.clone(),
        marker: entry.marker.clone(),
    });
    let conda: Vec<CondaRequirement> = conda.collect();
    let requirements = found.requirements.into_iter().map(|entry| entry.requirement);
    let requirements: Vec<Requirement> = requirements.collect();
    let url = |requirement: &&Requirement| matches!(requirement.version_or_url, Some(VersionOrUrl::Url(_)));
    match requirements.iter().find(url) {
        None => Ok(Wanted {
            requirements,
            conda,
            channels: Vec::new(),
        }),
        Some(requirement) => Err(Failure::usage(format!(
            "`{requirement}` is not in an index, and a snapshot contains only packages of an index: require a version instead"
        ))),
    }
}
