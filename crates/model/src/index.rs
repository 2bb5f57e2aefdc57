//! The interface through which the resolver queries external sources.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::{Digests, Sha256};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::{
    CoreMetadata, DirectReference, DistributionFile, Forecast, IndexError, NixpkgsPackage, Project,
    Requirement, StaticMetadata, Target,
};

/// Digest and size of a file: from the index if it lists them, otherwise from the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// The digest of the content.
    pub hash: Sha256,
    /// The size in bytes, if it is known without a download.
    pub size: Option<u64>,
}

/// A source of packages: a live index, a snapshot, or a list in a test.
///
/// Laws: during the lifetime of a value, equal queries get equal results, in any order and from any thread; `project`
/// lists releases in ascending order; names are in normal form. The resolver's result is a function of these results
/// and of nothing else. An index that wraps another one is a [`ForwardingIndex`](crate::ForwardingIndex).
pub trait PackageIndex {
    /// The project `name`; `None` if no index has it.
    ///
    /// # Errors
    /// If the query fails; an unknown name is not an error.
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError>;

    /// Reads the core metadata of a wheel. The metadata of a source distribution comes from [`PackageIndex::source`] or
    /// from a build.
    ///
    /// # Errors
    /// If the file is not available. Invalid metadata is a [`CoreMetadata`] with a defect.
    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError>;

    /// Reads the static metadata of a source distribution or of the source tree of a direct reference, without running
    /// its code.
    ///
    /// # Errors
    /// If the source is not available, or this index has wheels only. Invalid contents are a
    /// [`StaticMetadata::defect`].
    fn source(
        &self,
        _name: &PackageName,
        file: &DistributionFile,
    ) -> Result<Arc<StaticMetadata>, IndexError> {
        Err(IndexError::WheelsOnly {
            file: file.filename.to_string(),
        })
    }

    /// Resolves a direct reference, `requirement.name @ URL`.
    ///
    /// # Errors
    /// If nothing exists at the address, it is another package, or this index does not resolve references.
    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        Err(IndexError::NoReferences {
            requirement: requirement.to_string(),
        })
    }

    /// Looks up a name in the nixpkgs in use; `None` if it has no such package.
    ///
    /// # Errors
    /// [`IndexError::NoNixpkgs`] if no nixpkgs is available for the target, [`IndexError::Skipped`] if its package is
    /// not usable; others if Nix fails.
    fn nixpkgs(
        &self,
        _name: &PackageName,
        _target: Target,
    ) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        Err(IndexError::NoNixpkgs {
            reason: "the packages of nixpkgs are not known here; lock it with `mach-nix lock`".to_owned(),
        })
    }

    /// The digest and size of a chosen file.
    ///
    /// # Errors
    /// If the index announced no digest and the file is not available.
    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError>;

    /// The digests of a file's content, for requirements that allow files by a digest other than SHA-256.
    ///
    /// # Errors
    /// If the file is not available, or this index has no files.
    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        Err(IndexError::NoContent {
            file: file.filename.to_string(),
            hash: file.hash,
        })
    }

    /// Lists what a folder of a conda channel has under a name: nothing where it does not have the name, or the channel
    /// does not have the folder.
    ///
    /// # Errors
    /// When the channel does not answer, or this index has no channels.
    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        _subdir: Subdir,
        _name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        Err(IndexError::NoChannels {
            channel: channel.name().to_owned(),
        })
    }

    /// Says the digest and size of a conda package that was chosen.
    ///
    /// # Errors
    /// When the record has no digest and the file is not available.
    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        let hash = record.sha256.ok_or_else(|| IndexError::NoContent {
            file: record.file.to_string(),
            hash: None,
        })?;
        Ok(FileInfo {
            hash,
            size: record.size,
        })
    }

    /// The name of the snapshot that answers, where one does. It has wheels only, and of a project it may lack releases: a
    /// refusal must not say that there are no others.
    fn snapshot(&self) -> Option<&str> {
        None
    }

    /// Whether a result was missing, so that the caller discards the outcome and repeats the call. Refusals are not
    /// explained then.
    fn is_provisional(&self) -> bool {
        false
    }

    /// Hints that `project` will be queried for these names, so that an index may start to fetch them.
    fn prefetch_projects(&self, _names: &[PackageName]) {}

    /// Hints that `nixpkgs` will be queried for these names.
    fn prefetch_nixpkgs(&self, _names: &[PackageName], _target: Target) {}

    /// Hints that `metadata` will be queried for this file.
    fn prefetch_metadata(&self, _name: &PackageName, _file: &DistributionFile) {}

    /// A hint that these requirements are to be resolved: an index may follow them, and what they need in turn, ahead of the
    /// search.
    fn prefetch_closure(&self, _requirements: &[Requirement], _forecast: &Arc<dyn Forecast>) {}

    /// A hint that `file_info` will be queried for these files.
    fn prefetch_file_info(&self, _files: &[DistributionFile]) {}

    /// A hint that `conda_records` will be queried for these names.
    fn prefetch_conda_records(&self, _channel: &Arc<Channel>, _subdir: Subdir, _names: &[CondaName]) {}
}
