//! The interface through which the resolver queries everything outside of it.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::{Digests, Sha256};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::{
    CoreMetadata, DirectReference, DistributionFile, Forecast, IndexError, NixpkgsPackage, Project,
    Requirement, StaticMetadata, Target,
};

/// Digest and size of a file: from the index if it states them, otherwise from the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// The digest of the content.
    pub hash: Sha256,
    /// The size in bytes, where it can be known without downloading the file.
    pub size: Option<u64>,
}

/// A source of packages: a live index, a snapshot, or a list in a test.
///
/// Laws: within the life of a value, the same query gets the same answer, whatever the order and the threads of
/// the queries; `project` lists releases in ascending order; names are in normal form. The resolver's answer is a
/// function of the answers given here and of nothing else. An index in front of another one is a
/// [`ForwardingIndex`](crate::ForwardingIndex).
pub trait PackageIndex {
    /// Lists what is known about `name`; `None` when no index knows the name.
    ///
    /// # Errors
    /// When the question could not be answered; an unknown name is not an error.
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError>;

    /// Reads the core metadata of a wheel. That of a source is [`PackageIndex::source`], and may have to be built.
    ///
    /// # Errors
    /// When the file is not available. Metadata that is there but unreadable is a [`CoreMetadata`] with a defect.
    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError>;

    /// Says what a source distribution, or the tree of a direct reference, states of itself without being run.
    ///
    /// # Errors
    /// When it is not available, or this index knows wheels only. Unreadable contents are a
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

    /// Follows a direct reference, `requirement.name @ URL`.
    ///
    /// # Errors
    /// When there is nothing at the address, it is another package, or this index follows no references.
    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        Err(IndexError::NoReferences {
            requirement: requirement.to_string(),
        })
    }

    /// Says what the nixpkgs in use has under a name; `None` when it has nothing.
    ///
    /// # Errors
    /// [`IndexError::NoNixpkgs`] when there is none for the target, [`IndexError::Skipped`] when what it has does not count;
    /// others when Nix fails.
    fn nixpkgs(
        &self,
        _name: &PackageName,
        _target: Target,
    ) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        Err(IndexError::NoNixpkgs {
            reason: "what nixpkgs has is not known here; lock it with `mach-nix lock`".to_owned(),
        })
    }

    /// Says the digest and size of a file that was chosen.
    ///
    /// # Errors
    /// When the index announced no digest and the file is not available.
    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError>;

    /// The digests of a file's content, for requirements that allow files by another digest than SHA-256.
    ///
    /// # Errors
    /// When the file is not available, or this index has no files.
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

    /// Whether an answer was missing, so that the outcome is discarded and the call is made again with it. A refusal is then
    /// not explained.
    fn is_provisional(&self) -> bool {
        false
    }

    /// A hint that `project` will be asked for these names; an index may begin to fetch them.
    fn prefetch_projects(&self, _names: &[PackageName]) {}

    /// A hint that `nixpkgs` will be asked for these names.
    fn prefetch_nixpkgs(&self, _names: &[PackageName], _target: Target) {}

    /// A hint that `metadata` will be asked for this file.
    fn prefetch_metadata(&self, _name: &PackageName, _file: &DistributionFile) {}

    /// A hint that these requirements are to be resolved: an index may follow them, and what they need in turn, ahead of the
    /// search.
    fn prefetch_closure(&self, _requirements: &[Requirement], _forecast: &Arc<dyn Forecast>) {}

    /// A hint that `file_info` will be queried for these files.
    fn prefetch_file_info(&self, _files: &[DistributionFile]) {}

    /// A hint that `conda_records` will be queried for these names.
    fn prefetch_conda_records(&self, _channel: &Arc<Channel>, _subdir: Subdir, _names: &[CondaName]) {}
}
