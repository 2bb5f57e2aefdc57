//! The contents of a snapshot: projects and their files.

use std::sync::Arc;

use mach_nix_model::{CoreMetadata, DistributionFile, FileInfo, PackageName, Version};
use serde::{Deserialize, Serialize};

/// The contents of a snapshot for a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotProject {
    /// The name, in normal form.
    pub name: PackageName,
    /// The URL of the index; `None` if no index had the project, which is recorded as well.
    pub index: Option<Arc<str>>,
    /// The releases, ascending, with their files sorted by name.
    pub releases: Vec<(Version, Vec<StoredFile>)>,
}

/// A file with its data for a resolver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The file as listed by the index, except for its metadata file.
    pub file: DistributionFile,
    /// The metadata of the file, if it is stored.
    pub metadata: Option<Arc<CoreMetadata>>,
    /// Digest and size, if the index did not list them.
    pub facts: Option<FileInfo>,
}
