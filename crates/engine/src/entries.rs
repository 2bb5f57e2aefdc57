//! Writing down what was chosen.

use std::collections::BTreeMap;

use mach_nix_lock::{LockedBuild, LockedFile, LockedGit, LockedPackage, LockedSource};
use mach_nix_model::{
    DirectPlace, DistributionFile, IndexError, PackageIndex, PackageName, Provider, Referenced, Version,
};
use mach_nix_resolve::{Artifact, Resolution, ResolvedPackage};

use crate::EngineError;
use crate::backend::BuildError;
use crate::graph::cyclic;
use crate::location::{local_path, relative};
use crate::source::{BuildEnvironments, Source};

/// One entry for each package with its edges; equal entries of several targets are one. `folder` is that of the lock.
pub fn entries(
    resolutions: &[(Resolution, impl BuildEnvironments)],
    folder: Option<&str>,
) -> Result<Vec<LockedPackage>, EngineError> {
    let mut entries: BTreeMap<_, Vec<(LockedPackage, Vec<usize>)>> = BTreeMap::new();
    for (target, (resolution, index)) in resolutions.iter().enumerate() {
        let files: Vec<DistributionFile> = resolution
            .packages
            .iter()
            .filter_map(|package| package.artifact.file().cloned())
            .collect();
        index.expect_facts(&files);
        let cyclic = cyclic(resolution);
        for package in &resolution.packages {
            let build = match Source::of(&package.artifact) {
                None => None,
                Some(source) => {
                    let build = index.build(&package.name, &source);
                    let build = build.map_err(|error| unbuildable(package, error))?;
                    Some(seen_from_lock(build, folder))
                }
            };
            let circle = cyclic.get(&package.name).into_iter().flatten();
            let entry = LockedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                provider: package.provider.clone(),
                source: place(&package.artifact, index, folder)?,
                build,
                dependencies: package.dependencies.iter().cloned().collect(),
                cyclic: circle.copied().cloned().collect(),
                extras: package.extras.iter().cloned().collect(),
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

/// Where the lock says that a package comes from.
fn place(
    artifact: &Artifact,
    index: &dyn PackageIndex,
    folder: Option<&str>,
) -> Result<LockedSource, EngineError> {
    Ok(match artifact {
        Artifact::File(file) => file_of_index(file, index, folder)?,
        Artifact::Direct(referenced) => direct(referenced, index, folder)?,
        Artifact::Nixpkgs(package) => LockedSource::Nixpkgs {
            attribute: package.attribute.to_string(),
        },
    })
}

/// The entry of a source that has to be built before anything is decided. A version that only the build tells is 0 in it.
pub fn source_entry(
    name: &PackageName,
    version: Option<&Version>,
    source: &Source<'_>,
    index: &dyn PackageIndex,
) -> Result<LockedPackage, IndexError> {
    let place = match source {
        Source::File(file) => file_of_index(file, index, None)?,
        Source::Direct(referenced) => direct(referenced, index, None)?,
    };
    Ok(LockedPackage {
        name: name.clone(),
        version: version.cloned().unwrap_or_else(|| Version::new([0])),
        provider: Provider::Sdist,
        source: place,
        build: None,
        dependencies: Vec::new(),
        cyclic: Vec::new(),
        extras: Vec::new(),
        targets: None,
    })
}

/// A file that an index lists, or that lies in a folder given with `--find-links`.
fn file_of_index(
    file: &DistributionFile,
    index: &dyn PackageIndex,
    folder: Option<&str>,
) -> Result<LockedSource, IndexError> {
    let file = locked(file, index)?;
    Ok(match local_path(&file.url) {
        Some(path) => LockedSource::Path {
            path: seen_from(&path, folder),
            file: Some((file.name, file.hash)),
        },
        None => LockedSource::Index(file),
    })
}

/// While a source is built, the paths of what it is built with are absolute: there is no lock yet.
pub fn seen_from_lock(mut build: LockedBuild, folder: Option<&str>) -> LockedBuild {
    for package in &mut build.packages {
        if let LockedSource::Path { path, .. } = &mut package.source {
            *path = seen_from(path, folder);
        }
        let inner = package.build.take();
        package.build = inner.map(|inner| seen_from_lock(inner, folder));
    }
    build
}

fn seen_from(path: &str, folder: Option<&str>) -> String {
    folder.map_or_else(|| path.to_owned(), |folder| relative(path, folder))
}

fn locked(file: &DistributionFile, index: &dyn PackageIndex) -> Result<LockedFile, IndexError> {
    let facts = index.facts(file)?;
    Ok(LockedFile {
        name: file.filename.to_string(),
        url: file.url.to_string(),
        hash: facts.hash,
        size: facts.size,
    })
}

fn direct(
    referenced: &Referenced,
    index: &dyn PackageIndex,
    folder: Option<&str>,
) -> Result<LockedSource, IndexError> {
    let text = |text: &Option<Box<str>>| text.as_ref().map(ToString::to_string);
    Ok(match &referenced.place {
        DirectPlace::Archive { subdirectory } => {
            let mut file = locked(&referenced.file, index)?;
            // The fragment tells projects of one archive apart; it is no part of the archive's address.
            if let Some(at) = file.url.find('#') {
                file.url.truncate(at);
            }
            LockedSource::Direct {
                file,
                subdirectory: text(subdirectory),
            }
        }
        DirectPlace::Git {
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
        DirectPlace::Path { path, is_tree } => LockedSource::Path {
            path: seen_from(path, folder),
            file: if *is_tree {
                None
            } else {
                let file = locked(&referenced.file, index)?;
                Some((file.name, file.hash))
            },
        },
    })
}
