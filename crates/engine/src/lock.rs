//! Resolving for all targets, and writing down the result.

use mach_nix_lock::{Lock, LockedSource, VERSION};
use mach_nix_model::PackageIndex;
use mach_nix_resolve::{Problem, Resolution, resolve};

use crate::build::BuildingIndex;
use crate::entries::entries;
use crate::project::project;
use crate::{EngineError, Request, SourceBuilder};

/// A lock, and what people should know about it.
#[derive(Debug)]
pub struct Locked {
    /// The lock.
    pub lock: Lock,
    /// What is no error but may surprise, a sentence each.
    pub warnings: Vec<String>,
}

/// Resolves a request. Without a builder, sources have to state what is asked of them.
///
/// # Errors
/// When the requirements cannot be met for one of the targets, or the index does not answer.
pub fn lock(
    request: &Request,
    index: &dyn PackageIndex,
    builder: Option<&dyn SourceBuilder>,
) -> Result<Locked, EngineError> {
    let mut preferences = request.preferences.clone();
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
        let resolution = resolve(&problem, &index).map_err(|source| EngineError::Unresolved {
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
    let lock = Lock {
        version: VERSION,
        request: request.record(),
        targets: request.targets.iter().map(|target| (*target).into()).collect(),
        packages: entries(&resolutions, request.folder.as_deref())?,
        project: project(request, &resolutions, &mut warnings),
    };
    for package in &lock.packages {
        // An index that announces no digest: what was downloaded tells.
        let (name, hash) = match &package.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => (&file.name, &file.hash),
            LockedSource::Path {
                file: Some((name, hash)),
                ..
            } => (name, hash),
            _ => continue,
        };
        request
            .policy
            .hashes
            .check(&package.name, name, hash)
            .map_err(EngineError::Unsuited)?;
    }
    Ok(Locked { lock, warnings })
}

/// What the user should know about the answers, each once.
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
    let mut once = Vec::new();
    for warning in all {
        if !once.contains(&warning) {
            once.push(warning);
        }
    }
    once
}
