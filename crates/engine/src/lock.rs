//! The lock: a resolution for each target, and its entries.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use mach_nix_conda::CondaName;
use mach_nix_lock::{Lock, LockedSource, LockedTarget, VERSION};
use mach_nix_model::PackageIndex;
use mach_nix_resolve::{Artifact, Problem, Resolution};

use crate::build::BuildingIndex;
use crate::contents::resolve_with_contents;
use crate::entries::entries;
use crate::project::project;
use crate::{EngineError, Request, SourceBuilder, location};

/// A lock, with warnings about it.
#[derive(Debug)]
pub struct Locked {
    /// The lock.
    pub lock: Lock,
    /// Warnings, one sentence each.
    pub warnings: Vec<String>,
}

/// Resolves a request. Without a builder, only sources with static metadata are usable.
///
/// # Errors
/// If the requirements cannot be met for one of the targets, or the index fails.
pub fn lock(
    request: &Request,
    index: &dyn PackageIndex,
    builder: Option<&dyn SourceBuilder>,
) -> Result<Locked, EngineError> {
    let mut preferences = request.preferences.clone();
    let mut hashes = request.policy.hashes.clone();
    let mut resolutions = Vec::new();
    for target in &request.targets {
        tracing::info!("resolving for {target}");
        let problem = Problem {
            requirements: &request.requirements,
            constraints: &request.constraints,
            target: *target,
            policy: &request.policy,
            preferences: &preferences,
            conda: &request.conda,
            conda_preferences: &request.conda_preferences,
        };
        let index = BuildingIndex::new(request, *target, index, builder);
        let resolution = resolve_with_contents(&problem, &mut hashes, &index);
        let resolution = resolution.map_err(|source| EngineError::Unresolved {
            target: *target,
            source,
        })?;
        for package in &resolution.packages {
            if let (Some(name), Some(version)) = (package.name.project(), package.version.python()) {
                preferences.entry(name.clone()).or_insert(version);
            }
        }
        resolutions.push((resolution, index));
    }
    let mut warnings = warnings(&resolutions);
    let mut lock = Lock {
        version: VERSION,
        request: request.record(),
        targets: targets(request, &resolutions),
        packages: entries(&resolutions, request.parts.is_some())?,
        project: project(request, &resolutions, &mut warnings),
        parts: request.parts.as_ref().map(|parts| parts.record(&request.targets)),
    };
    for package in &lock.packages {
        // If the index announces no digest, it is known after the download.
        let (name, hash) = match &package.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => (&file.name, &file.hash),
            LockedSource::Path {
                file: Some((name, hash)),
                ..
            } => (name, hash),
            _ => continue,
        };
        if let Some(project) = package.project() {
            let checked = hashes.check(project, name, hash);
            checked.map_err(EngineError::Incompatible)?;
        }
    }
    if let Some(folder) = &request.folder {
        location::make_relative(&mut lock, folder);
    }
    Ok(Locked { lock, warnings })
}

/// The targets, with the virtual packages that the conda packages of each depend on.
fn targets(request: &Request, resolutions: &[(Resolution, BuildingIndex<'_>)]) -> Vec<LockedTarget> {
    let targets = request.targets.iter().zip(resolutions);
    let with_packages = targets.map(|(target, (resolution, _))| {
        let records = resolution
            .packages
            .iter()
            .filter_map(|package| match &package.artifact {
                Artifact::Conda(record) => Some(record),
                _ => None,
            });
        let specs = records.flat_map(|record| record.depends.iter().chain(&record.constrains));
        let names: BTreeSet<&CondaName> = specs
            .map(|spec| spec.name())
            .filter(|name| name.is_virtual())
            .collect();
        let all = request.policy.conda.packages_of(target.system);
        LockedTarget {
            virtual_packages: names
                .into_iter()
                .filter_map(|name| all.get(name).cloned())
                .collect(),
            ..(*target).into()
        }
    });
    with_packages.collect()
}

/// The warnings about the resolutions, each once.
fn warnings(resolutions: &[(Resolution, BuildingIndex<'_>)]) -> Vec<String> {
    let missing = |resolution: &Resolution| -> Vec<String> {
        let missing = resolution.missing_extras.iter();
        missing
            .map(|(package, version, extra)| format!("{package} {version} has no extra `{extra}`"))
            .collect()
    };
    let nixpkgs = |resolution: &Resolution| -> Vec<String> {
        let skipped = resolution.nixpkgs_skipped.iter();
        let no_nixpkgs = resolution.no_nixpkgs.iter();
        skipped
            .map(|(package, provider, reason)| {
                format!("{package} is taken from the provider `{provider}`, not from `nixpkgs`: {reason}")
            })
            .chain(no_nixpkgs.map(|reason| {
                format!("nixpkgs was not queried, although packages might come from it: {reason}")
            }))
            .collect()
    };
    let all = resolutions.iter().flat_map(|(resolution, _)| missing(resolution));
    let all = all.chain(resolutions.iter().flat_map(|(resolution, _)| nixpkgs(resolution)));
    let conda = resolutions
        .iter()
        .flat_map(|(resolution, _)| resolution.conda_warnings.clone());
    let all = all.chain(conda);
    all.collect::<IndexSet<String>>().into_iter().collect()
}
