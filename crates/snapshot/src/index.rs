//! A snapshot as a package index.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecords, Subdir};
use mach_nix_model::{
    CoreMetadata, DirectReference, DistributionFile, FileInfo, FileKind, IndexError, PackageIndex,
    PackageName, Project, Requirement,
};
use mach_nix_tags::WheelFilename;

use crate::contents::StoredFile;
use crate::error::SnapshotError;
use crate::snapshot::{Snapshot, StoredProject};

impl PackageIndex for Snapshot {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        match self.get(name).map_err(unreadable)? {
            Some(stored) => Ok(stored.project),
            None if self.origin().is_whole() => Ok(None),
            None => Err(IndexError::project_not_in_snapshot(self.name(), name)),
        }
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        let found = self.stored_file(name, file)?;
        found.and_then(|stored| stored.metadata).ok_or_else(|| {
            self.lacks(
                format!("the metadata of `{}` (it serves other targets)", file.filename),
                name.as_ref(),
            )
        })
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        Err(IndexError::NotOfAnIndex {
            requirement: requirement.to_string(),
        })
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        self.records_of(channel, subdir, name)
    }

    fn snapshot(&self) -> Option<&str> {
        Some(self.name())
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        let listed = file.hash.map(|hash| FileInfo {
            hash,
            size: file.size,
        });
        if let Some(facts) = listed.filter(|facts| facts.size.is_some()) {
            return Ok(facts);
        }
        for name in possible_names(&file.filename) {
            if let Some(facts) = self.stored_file(&name, file)?.and_then(|stored| stored.facts) {
                return Ok(facts);
            }
        }
        listed.ok_or_else(|| self.lacks(format!("the digest of `{}`", file.filename), &file.filename))
    }
}

impl Snapshot {
    fn stored_file(
        &self,
        name: &PackageName,
        file: &DistributionFile,
    ) -> Result<Option<StoredFile>, IndexError> {
        let Some(stored) = self.get(name).map_err(unreadable)? else {
            return Ok(None);
        };
        let files = stored.files_of_release(file);
        let files = files.map_err(|damage| self.damaged(damage.0))?;
        Ok(files.into_iter().find(|held| held.file.filename == file.filename))
    }

    fn lacks(&self, what: String, name: &str) -> IndexError {
        IndexError::NotInSnapshot {
            snapshot: self.name().to_owned(),
            what,
            add: name.to_owned(),
        }
    }

    fn damaged(&self, reason: String) -> IndexError {
        unreadable(SnapshotError::Damaged {
            snapshot: self.name().to_owned(),
            reason,
        })
    }
}

impl StoredProject {
    /// The files of the release that a file belongs to.
    fn files_of_release(
        &self,
        file: &DistributionFile,
    ) -> Result<Vec<StoredFile>, crate::corruption::Corruption> {
        let release = FileKind::of(&file.filename, &self.name)
            .and_then(|kind| self.record.versions.binary_search(kind.version()).ok());
        release.map_or_else(|| Ok(Vec::new()), |release| self.release(release))
    }
}

fn unreadable(error: SnapshotError) -> IndexError {
    IndexError::Snapshot(Arc::new(error))
}

/// The projects that a file may belong to: the start of the version in the name of a source distribution is ambiguous.
fn possible_names(filename: &str) -> Vec<PackageName> {
    if let Ok(wheel) = filename.parse::<WheelFilename>() {
        return wheel.name().parse().into_iter().collect();
    }
    let ends = filename.match_indices('-');
    ends.filter_map(|(end, _)| filename[..end].parse().ok()).collect()
}
