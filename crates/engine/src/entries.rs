//! Entries of the lock for the chosen packages.

use std::collections::BTreeMap;

use mach_nix_lock::{LockedConda, LockedFile, LockedGit, LockedPackage, LockedSource};
use mach_nix_model::{
    DirectReference, DirectSource, DistributionFile, IndexError, PackageIndex, PackageName, Provider, Version,
};
use mach_nix_resolve::{Artifact, Resolution, ResolvedPackage};

use crate::EngineError;
use crate::backend::BuildError;
use crate::graph::cyclic;
use crate::location::local_path;
use crate::parts::needs;
use crate::source::{BuildEnvironments, Source};

/// One entry per package with its edges; equal entries of several targets are merged. Paths are absolute. With `has_parts`,
/// the edges of extras are recorded, too.
pub fn entries(
    resolutions: &[(Resolution, impl BuildEnvironments)],
    has_parts: bool,
) -> Result<Vec<LockedPackage>, EngineError> {
    let mut entries: BTreeMap<_, Vec<(LockedPackage, Vec<usize>)>> = BTreeMap::new();
    for (target, (resolution, index)) in resolutions.iter().enumerate() {
        let files: Vec<DistributionFile> = resolution
            .packages
            .iter()
            .filter_map(|package| package.artifact.file().cloned())
            .collect();
        index.prefetch_file_info(&files);
        let cyclic = cyclic(resolution);
        for package in &resolution.packages {
            let build = match Source::of(&package.artifact).zip(package.name.project()) {
                None => None,
                Some((source, name)) => {
                    let build = index.build(name, &source);
                    Some(build.map_err(|error| unbuildable(package, error))?)
                }
            };
            let cycle = cyclic.get(&package.name).into_iter().flatten();
            let entry = LockedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                provider: package.provider.clone(),
                source: locked_source(&package.artifact, index)?,
                build,
                dependencies: package.dependencies.iter().cloned().collect(),
                cyclic: cycle.copied().cloned().collect(),
                extras: package.extras.iter().cloned().collect(),
                needs: if has_parts {
                    needs(package)
                } else {
                    BTreeMap::new()
                },
                targets: None,
            };
            let file = entry.file().map(|file| file.name.clone());
            let same = entries
                .entry((entry.name.clone(), entry.version.clone(), file))
                .or_default();
            match same.iter_mut().find(|(known, _)| *known == entry) {
                Some((_, targets)) => targets.push(target),
                None => same.push((entry, vec![target])),
            }
        }
    }
    let with_targets = |(mut entry, targets): (LockedPackage, Vec<usize>)| {
        entry.targets = (targets.len() < resolutions.len()).then_some(targets);
        entry
    };
    Ok(entries.into_values().flatten().map(with_targets).collect())
}

fn unbuildable(package: &ResolvedPackage, error: BuildError) -> EngineError {
    match error {
        BuildError::External(error) => EngineError::Index(error),
        BuildError::Failed(reason) => EngineError::Unbuildable {
            package: format!("{} {}", package.name, package.version),
            reason,
        },
    }
}

/// The source of a package in the form of the lock.
fn locked_source(artifact: &Artifact, index: &dyn PackageIndex) -> Result<LockedSource, EngineError> {
    Ok(match artifact {
        Artifact::File(file) => file_of_index(file, index)?,
        Artifact::Direct(referenced) => direct(referenced, index)?,
        Artifact::Nixpkgs(package) => LockedSource::Nixpkgs {
            attribute: package.attribute.to_string(),
        },
        Artifact::Conda(record) => {
            let facts = index.conda_file_info(record)?;
            LockedSource::Conda(LockedConda {
                channel: record.channel.url().to_owned(),
                subdir: record.subdir,
                build: record.build.to_string(),
                name: record.name.clone(),
                file: LockedFile {
                    name: record.file.to_string(),
                    url: record.url.to_string(),
                    hash: facts.hash,
                    size: facts.size,
                },
            })
        }
    })
}

/// The entry of a source that is built during resolution, with the version 0 if only the build determines it.
pub fn source_entry(
    name: &PackageName,
    version: Option<&Version>,
    source: &Source<'_>,
    index: &dyn PackageIndex,
) -> Result<LockedPackage, IndexError> {
    let locked = match source {
        Source::File(file) => file_of_index(file, index)?,
        Source::Direct(referenced) => direct(referenced, index)?,
    };
    Ok(LockedPackage {
        name: name.clone().into(),
        version: version.cloned().unwrap_or_else(|| Version::new([0])).into(),
        provider: Provider::Sdist,
        source: locked,
        build: None,
        dependencies: Vec::new(),
        cyclic: Vec::new(),
        extras: Vec::new(),
        needs: BTreeMap::new(),
        targets: None,
    })
}

/// A file of an index or of a `--find-links` folder.
fn file_of_index(file: &DistributionFile, index: &dyn PackageIndex) -> Result<LockedSource, IndexError> {
    let file = locked(file, index)?;
    Ok(match local_path(&file.url) {
        Some(path) => LockedSource::Path {
            path,
            file: Some((file.name, file.hash)),
        },
        None => LockedSource::Index(file),
    })
}

fn locked(file: &DistributionFile, index: &dyn PackageIndex) -> Result<LockedFile, IndexError> {
    let facts = index.file_info(file)?;
    Ok(LockedFile {
        name: file.filename.to_string(),
        url: file.url.to_string(),
        hash: facts.hash,
        size: facts.size,
    })
}

fn direct(referenced: &DirectReference, index: &dyn PackageIndex) -> Result<LockedSource, IndexError> {
    let text = |text: &Option<Box<str>>| text.as_ref().map(ToString::to_string);
    Ok(match &referenced.place {
        DirectSource::Archive { subdirectory } => {
            let mut file = locked(&referenced.file, index)?;
            // The fragment distinguishes projects in an archive; it is not part of the archive's URL.
            if let Some(at) = file.url.find('#') {
                file.url.truncate(at);
            }
            LockedSource::Direct {
                file,
                subdirectory: text(subdirectory),
            }
        }
        DirectSource::Git {
            url,
            rev,
            reference,
            subdirectory,
            hash,
        } => LockedSource::Git {
            git: LockedGit {
                url: url.to_string(),
                rev: rev.to_string(),
                reference: text(reference),
                subdirectory: text(subdirectory),
            },
            hash: *hash,
        },
        DirectSource::Path { path, is_tree } => LockedSource::Path {
            path: path.to_string(),
            file: if *is_tree {
                None
            } else {
                let file = locked(&referenced.file, index)?;
                Some((file.name, file.hash))
            },
        },
    })
}
