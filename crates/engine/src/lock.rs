//! The lock: a resolution for each target, and its entries.

use indexmap::IndexSet;
use mach_nix_lock::{Lock, LockedSource, VERSION};
use mach_nix_model::PackageIndex;
use mach_nix_resolve::{Problem, Resolution};

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
    /// Warnings, a sentence each.
    pub warnings: Vec<String>,
}

/// Resolves a request. Without a builder, only sources with static metadata are usable.
///
/// # Errors
/// When the requirements cannot be met for one of the targets, or the index does not answer.
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
        };
        let index = BuildingIndex::new(request, *target, index, builder);
        let resolution = resolve_with_contents(&problem, &mut hashes, &index);
        let resolution = resolution.map_err(|source| EngineError::Unresolved {
            target: *target,
            source,
        })?;
        for package in &resolution.packages {
            preferences
                .entry(package.name.clone())
                .or_insert_with(|| package.version.clone());
        }
        resolutions.push((resolution, index));
    }
    let mut warnings = warnings(&resolutions);
    let mut lock = Lock {
        version: VERSION,
        request: request.record(),
        targets: request.targets.iter().map(|target| (*target).into()).collect(),
        packages: entries(&resolutions, request.parts.is_some())?,
        project: project(request, &resolutions, &mut warnings),
        parts: request.parts.as_ref().map(|parts| parts.record(&request.targets)),
    };
    for package in &lock.packages {
        // Where the index announces no digest, it is known after the download.
        let (name, hash) = match &package.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => (&file.name, &file.hash),
            LockedSource::Path {
                file: Some((name, hash)),
                ..
            } => (name, hash),
            _ => continue,
        };
        hashes
            .check(&package.name, name, hash)
            .map_err(EngineError::Incompatible)?;
    }
    if let Some(folder) = &request.folder {
        location::make_relative(&mut lock, folder);
    }
    Ok(Locked { lock, warnings })
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
                format!("nixpkgs was not asked, although packages might come from it: {reason}")
            }))
            .collect()
    };
    let all = resolutions.iter().flat_map(|(resolution, _)| missing(resolution));
    let all = all.chain(resolutions.iter().flat_map(|(resolution, _)| nixpkgs(resolution)));
    all.collect::<IndexSet<String>>().into_iter().collect()
}
