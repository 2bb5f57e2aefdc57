//! Writing down what was chosen.

use std::collections::BTreeMap;

use mach_nix_lock::{LockedFile, LockedGit, LockedPackage, LockedSource};
use mach_nix_model::{
    DirectPlace, DistributionFile, IndexError, PackageIndex, PackageName, Referenced, Version,
};
use mach_nix_resolve::{Artifact, Resolution, ResolvedPackage};

use crate::EngineError;
use crate::build::{BuildError, BuildingIndex, Source};
use crate::graph::cyclic;

/// One entry for each package with its edges; equal entries of several targets are one. `folder` is that of the lock.
pub fn entries(
    resolutions: &[(Resolution, BuildingIndex<'_>)],
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
                    Some(build.map_err(|error| unbuildable(package, error))?)
                }
            };
            let circle = cyclic.get(&package.name).into_iter().flatten();
            let entry = LockedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                provider: package.provider.to_string(),
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
        BuildError::World(error) => EngineError::Index(error),
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
        Artifact::File(file) => LockedSource::Index(locked(file, index)?),
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
        Source::File(file) => LockedSource::Index(locked(file, index)?),
        Source::Direct(referenced) => direct(referenced, index, None)?,
    };
    Ok(LockedPackage {
        name: name.clone(),
        version: version.cloned().unwrap_or_else(|| Version::new([0])),
        provider: "sdist".to_owned(),
        source: place,
        build: None,
        dependencies: Vec::new(),
        cyclic: Vec::new(),
        extras: Vec::new(),
        targets: None,
    })
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
        DirectPlace::Archive { subdirectory } => LockedSource::Direct {
            file: locked(&referenced.file, index)?,
            subdirectory: text(subdirectory),
        },
        DirectPlace::Git {
            url,
            rev,
            subdirectory,
            hash,
        } => LockedSource::Git {
            git: LockedGit {
                url: url.to_string(),
                rev: rev.to_string(),
                subdirectory: text(subdirectory),
            },
            hash: *hash,
        },
        DirectPlace::Path { path, is_tree } => LockedSource::Path {
            path: folder.map_or_else(|| path.to_string(), |folder| relative(path, folder)),
            file: if *is_tree {
                None
            } else {
                let file = locked(&referenced.file, index)?;
                Some((file.name, file.hash))
            },
        },
    })
}

/// A path as seen from a folder; both are absolute.
fn relative(path: &str, folder: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.map(str::to_owned).collect()
    };
    let (path, folder) = (parts(path), parts(folder));
    let common = path.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = folder.len() - common;
    let first = if up == 0 {
        vec![".".to_owned()]
    } else {
        vec!["..".to_owned(); up]
    };
    first
        .into_iter()
        .chain(path[common..].iter().cloned())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_seen_from_the_lock() {
        for (path, folder, expected) in [
            ("/a/b/c.whl", "/a/b", "./c.whl"),
            ("/a/b/x/c.whl", "/a/b/", "./x/c.whl"),
            ("/a/c.whl", "/a/b/d", "../../c.whl"),
            ("/a", "/a", "."),
        ] {
            assert_eq!(relative(path, folder), expected);
        }
    }
}
