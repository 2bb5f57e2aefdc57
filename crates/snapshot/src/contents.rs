//! The contents of a snapshot: projects and their files.

use std::sync::Arc;

use mach_nix_model::{CoreMetadata, DistributionFile, FileInfo, PackageName, Version};
use serde::{Deserialize, Serialize};

/// The contents of a snapshot for a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotProject {
    /// The name, in normal form.
    pub name: PackageName,
    /// The address of the index that answered; `None` when no index knew the name, which is an answer too.
    pub index: Option<Arc<str>>,
    /// The releases, ascending, with their files sorted by name.
    pub releases: Vec<(Version, Vec<StoredFile>)>,
}

/// A file with what a resolver can ask about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The file as listed by the index, except for its metadata file.
    pub file: DistributionFile,
    /// The metadata of the file, if it is stored.
    pub metadata: Option<Arc<CoreMetadata>>,
    /// Digest and size, where the index did not list them.
    pub facts: Option<FileInfo>,
}
