//! Files of locked packages.

use mach_nix_hash::Digest;
use mach_nix_model::{DistributionFile, MetadataFile, Timestamp, Yanked};
use url::Url;

/// A file of a locked package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignFile {
    /// The file name.
    pub name: String,
    /// The URL, if the lock has it.
    pub url: Option<Url>,
    /// The digest of the content, if the lock has a strong one.
    pub hash: Option<Digest>,
    /// The size in bytes, if the lock has it.
    pub size: Option<u64>,
    /// The time of upload, if the lock has it.
    pub upload_time: Option<Timestamp>,
}

impl ForeignFile {
    /// The file in the form of an index, if its URL is known.
    #[must_use]
    pub fn distribution(&self) -> Option<DistributionFile> {
        Some(DistributionFile {
            filename: self.name.as_str().into(),
            url: self.url.as_ref()?.as_str().into(),
            hash: self.hash.as_ref().and_then(Digest::sha256),
            size: self.size,
            requires_python: None,
            yanked: Yanked::No,
            upload_time: self.upload_time,
            metadata_file: MetadataFile::Unannounced,
        })
    }
}
