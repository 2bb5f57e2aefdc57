//! `mach-nix index build` and `mach-nix index add`: what is wanted, from where.

use std::fs;

use mach_nix_manifest::{Requirements, Selection, Surroundings, parse_manifest};
use mach_nix_model::{Requirement, VersionOrUrl, recorded_address};
use mach_nix_nix::Nix;
use mach_nix_snapshot::Origin;
use url::Url;

use crate::args::index::{AddOptions, BuildOptions, Wanted};
use crate::failure::Failure;
use crate::inputs::targets;
use crate::{index::make, snapshot};

pub fn build(options: &BuildOptions, quiet: bool) -> Result<(), Failure> {
    let requirements = read(&options.wanted)?;
    if requirements.is_empty() {
        return Err(Failure::usage(
            "nothing is required: name packages, as in `mach-nix index build flask -o demo.snapshot`, or a file with -r",
        ));
    }
    let mut indexes: Vec<Url> = Vec::new();
    for url in options.extra_index_url.iter().chain([&options.index_url]) {
        if !indexes.contains(url) {
            indexes.push(url.clone());
        }
    }
    let origin = Origin {
        requirements: Vec::new(),
        targets: targets(&options.python, &options.system, &Nix::new(None))?,
        releases: options.releases,
        exclude_newer: options.exclude_newer,
        indexes: indexes.iter().map(recorded_address).collect(),
    };
    make::make(
        origin,
        requirements,
        indexes,
        &options.asking,
        &options.output,
        quiet,
    )
}

pub fn add(options: &AddOptions, quiet: bool) -> Result<(), Failure> {
    let mut requirements = read(&options.wanted)?;
    if requirements.is_empty() {
        return Err(Failure::usage(
            "nothing is to be added: name packages, as in `mach-nix index add demo.snapshot django`, or a file with -r",
        ));
    }
    let held = snapshot::open(&options.snapshot)?;
    let origin = held.origin().clone();
    let unreadable =
        |text: &str| Failure::world(format!("{} names `{text}`, which is unreadable", held.name()));
    for text in &origin.requirements {
        requirements.push(text.parse().map_err(|_| unreadable(text))?);
    }
    let mut indexes = Vec::new();
    for text in &origin.indexes {
        indexes.push(text.parse().map_err(|_| unreadable(text))?);
    }
    make::make(
        origin,
        requirements,
        indexes,
        &options.asking,
        &options.snapshot,
        quiet,
    )
}

/// The requirements of the command line and of the files.
fn read(wanted: &Wanted) -> Result<Vec<Requirement>, Failure> {
    let folder = std::env::current_dir()
        .map_err(|error| Failure::world(format!("the current folder cannot be found: {error}")))?;
    let surroundings = Surroundings {
        read: &|path| fs::read(path),
        exists: &|path| path.exists(),
        variable: &|name| std::env::var(name).ok(),
        folder: &folder,
    };
    let mut found = Requirements::default();
    for text in &wanted.requirements {
        found.add_argument(text, &surroundings).map_err(Failure::usage)?;
    }
    for path in &wanted.requirement_files {
        found.append(parse_manifest(path, &Selection::default(), &surroundings).map_err(Failure::usage)?);
    }
    found.check().map_err(Failure::usage)?;
    let requirements = found.requirements.into_iter().map(|entry| entry.requirement);
    let requirements: Vec<Requirement> = requirements.collect();
    let url = |requirement: &&Requirement| matches!(requirement.version_or_url, Some(VersionOrUrl::Url(_)));
    match requirements.iter().find(url) {
        None => Ok(requirements),
        Some(requirement) => Err(Failure::usage(format!(
            "`{requirement}` is not in an index, and a snapshot is of an index: ask for a version instead"
        ))),
    }
}
