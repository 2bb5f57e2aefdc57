//! The targets and the date limit of a snapshot: the relevant files and dependencies, and the stored data of a file.

use std::sync::Arc;

use mach_nix_model::{
    DistributionFile, ExtraName, FileKind, IndexError, MarkerEnvironment, PackageIndex, PackageName,
    Requirement, Timestamp, Version, specifier,
};
use mach_nix_tags::CompatibleTags;

use super::options::ClosureOptions;
use crate::contents::SnapshotProject;
use crate::contents::StoredFile;

/// The targets and extras that files and dependencies must serve.
pub struct Serves {
    targets: Vec<(CompatibleTags, MarkerEnvironment)>,
    exclude_newer: Option<Timestamp>,
}

impl Serves {
    pub fn new(options: ClosureOptions) -> Self {
        let targets = options.targets.into_iter();
        Self {
            targets: targets
                .map(|target| {
                    let tags = CompatibleTags::for_target(target.python, target.system);
                    (tags, target.marker_environment())
                })
                .collect(),
            exclude_newer: options.exclude_newer,
        }
    }

    /// Whether a file was uploaded before the date limit.
    pub fn exists(&self, file: &DistributionFile) -> bool {
        self.exclude_newer
            .is_none_or(|limit| file.upload_time.is_some_and(|time| time < limit))
    }

    /// The targets, by index, that a file supports: none for files other than wheels.
    pub fn targets_of(&self, name: &PackageName, file: &DistributionFile) -> Vec<usize> {
        let Some(FileKind::Wheel(wheel)) = FileKind::of(&file.filename, name).filter(|_| self.exists(file))
        else {
            return Vec::new();
        };
        let demand = file.python_demand();
        let targets = self.targets.iter().enumerate();
        targets
            .filter(|(_, (tags, environment))| {
                let python = &environment.python_full_version().version;
                tags.compatibility(&wheel).is_some()
                    && demand
                        .as_ref()
                        .is_none_or(|demand| specifier::matches_all(demand, python))
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// Whether a requirement of the user applies on any target.
    pub fn holds(&self, requirement: &Requirement) -> bool {
        self.targets
            .iter()
            .any(|(_, environment)| requirement.evaluate_markers(environment, &[]))
    }

    /// Whether a dependency applies on one of these targets, with or without one of these extras.
    pub fn holds_for(&self, requirement: &Requirement, targets: &[usize], extras: &[ExtraName]) -> bool {
        let environments = targets.iter().filter_map(|place| self.targets.get(*place));
        let mut environments = environments.map(|(_, environment)| environment);
        environments.any(|environment| {
            requirement.evaluate_markers(environment, &[])
                || extras
                    .iter()
                    .any(|extra| requirement.evaluate_markers(environment, std::slice::from_ref(extra)))
        })
    }

    /// The number of targets.
    pub fn count(&self) -> usize {
        self.targets.len()
    }

    /// The stored data of a project with these releases: their wheels, and the metadata of those that fit a target.
    pub fn hold(
        &self,
        index: &dyn PackageIndex,
        name: &PackageName,
        answered: Option<Arc<str>>,
        releases: Vec<(Version, Vec<DistributionFile>)>,
    ) -> Result<SnapshotProject, IndexError> {
        let wheels = |files: Vec<DistributionFile>| -> Vec<DistributionFile> {
            let wheels = files
                .into_iter()
                .filter(|file| file.is_wheel() && self.exists(file));
            wheels.collect()
        };
        let releases: Vec<_> = releases
            .into_iter()
            .map(|(version, files)| (version, wheels(files)))
            .collect();
        let mut unlisted = Vec::new();
        for file in releases.iter().flat_map(|(_, files)| files) {
            if self.is_for_any(name, file) {
                index.prefetch_metadata(name, file);
                if !is_listed(file) {
                    unlisted.push(file.clone());
                }
            }
        }
        index.prefetch_file_info(&unlisted);
        let releases = releases.into_iter().map(|(version, files)| {
            let files = files.into_iter().map(|file| self.stored(index, name, file));
            Ok((version, files.collect::<Result<_, IndexError>>()?))
        });
        Ok(SnapshotProject {
            name: name.clone(),
            index: answered,
            releases: releases.collect::<Result<_, IndexError>>()?,
        })
    }

    fn is_for_any(&self, name: &PackageName, file: &DistributionFile) -> bool {
        !self.targets_of(name, file).is_empty()
    }

    fn stored(
        &self,
        index: &dyn PackageIndex,
        name: &PackageName,
        file: DistributionFile,
    ) -> Result<StoredFile, IndexError> {
        let serves = self.is_for_any(name, &file);
        let metadata = serves.then(|| index.metadata(name, &file)).transpose()?;
        let facts = (serves && !is_listed(&file))
            .then(|| index.file_info(&file))
            .transpose()?;
        Ok(StoredFile {
            file,
            metadata,
            facts,
        })
    }
}

/// Whether the index lists the data that a lock needs.
fn is_listed(file: &DistributionFile) -> bool {
    file.hash.is_some() && file.size.is_some()
}
