//! Resolving for all targets, and writing down the result.

use std::collections::BTreeMap;

use mach_nix_lock::{Lock, LockedPackage, VERSION};
use mach_nix_model::{DistributionFile, PackageIndex};
use mach_nix_resolve::{Problem, Resolution, resolve};

use crate::graph::cyclic;
use crate::{EngineError, Request};

/// A lock, and what people should know about it.
#[derive(Debug)]
pub struct Locked {
    /// The lock.
    pub lock: Lock,
    /// What is no error but may surprise, a sentence each.
    pub warnings: Vec<String>,
}

/// Resolves a request.
///
/// # Errors
/// When the requirements cannot be met for one of the targets, or the index does not answer.
pub fn lock(request: &Request, index: &dyn PackageIndex) -> Result<Locked, EngineError> {
    let mut preferences = request.preferences.clone();
    let mut resolutions = Vec::new();
    for target in &request.targets {
        let problem = Problem {
            requirements: &request.requirements,
            constraints: &request.constraints,
            target: *target,
            providers: &request.providers,
            prerelease: request.prerelease,
            exclude_newer: request.exclude_newer,
            hashes: &request.hashes,
            preferences: &preferences,
        };
        let resolution = resolve(&problem, index).map_err(|source| EngineError::Unresolved {
            target: *target,
            source,
        })?;
        for package in &resolution.packages {
            preferences
                .entry(package.name.clone())
                .or_insert_with(|| package.version.clone());
        }
        resolutions.push(resolution);
    }
    let mut warnings = Vec::new();
    for (package, version, extra) in resolutions
        .iter()
        .flat_map(|resolution| &resolution.missing_extras)
    {
        let warning = format!("{package} {version} has no extra `{extra}`");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let lock = Lock {
        version: VERSION,
        request: request.record(),
        targets: request.targets.iter().map(|target| (*target).into()).collect(),
        packages: entries(&resolutions, index)?,
    };
    for package in &lock.packages {
        // An index that announces no digest: what was downloaded tells.
        request
            .hashes
            .check(&package.name, &package.file, &package.hash)
            .map_err(EngineError::Unsuited)?;
    }
    Ok(Locked { lock, warnings })
}

/// One entry for each file with its edges; equal entries of several targets are one.
fn entries(resolutions: &[Resolution], index: &dyn PackageIndex) -> Result<Vec<LockedPackage>, EngineError> {
    let files: Vec<DistributionFile> = resolutions
        .iter()
        .flat_map(|r| &r.packages)
        .map(|package| package.file.clone())
        .collect();
    index.expect_facts(&files);
    let mut entries = BTreeMap::new();
    for (target, resolution) in resolutions.iter().enumerate() {
        let cyclic = cyclic(resolution);
        for package in &resolution.packages {
            let facts = index.facts(&package.file)?;
            let entry = LockedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                provider: package.provider.to_string(),
                file: package.file.filename.to_string(),
                url: package.file.url.to_string(),
                hash: facts.hash,
                size: facts.size,
                dependencies: package.dependencies.iter().cloned().collect(),
                cyclic: cyclic
                    .get(&package.name)
                    .into_iter()
                    .flatten()
                    .copied()
                    .cloned()
                    .collect(),
                extras: package.extras.iter().cloned().collect(),
                targets: None,
            };
            let key = (
                entry.name.clone(),
                entry.version.clone(),
                entry.file.clone(),
                entry.dependencies.clone(),
                entry.cyclic.clone(),
                entry.extras.clone(),
            );
            entries.entry(key).or_insert((entry, Vec::new())).1.push(target);
        }
    }
    let with_targets = |(mut entry, targets): (LockedPackage, Vec<usize>)| {
        entry.targets = (targets.len() < resolutions.len()).then_some(targets);
        entry
    };
    Ok(entries.into_values().map(with_targets).collect())
}
