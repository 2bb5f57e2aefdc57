//! Resolving for all targets, and writing down the result.

use mach_nix_lock::{Lock, LockedSource, VERSION};
use mach_nix_model::PackageIndex;
use mach_nix_resolve::{Problem, resolve};

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
        let problem = Problem {
            requirements: &request.requirements,
            constraints: &request.constraints,
            target: *target,
            providers: &request.policy.providers,
            prerelease: request.policy.prerelease,
            exclude_newer: request.policy.exclude_newer,
            hashes: &request.policy.hashes,
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
    let mut warnings = Vec::new();
    for (package, version, extra) in resolutions
        .iter()
        .flat_map(|(resolution, _)| &resolution.missing_extras)
    {
        let warning = format!("{package} {version} has no extra `{extra}`");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    for (resolution, _) in &resolutions {
        if let Some(reason) = &resolution.no_nixpkgs {
            let warning = format!("nixpkgs was not asked, although packages might come from it: {reason}");
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
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
