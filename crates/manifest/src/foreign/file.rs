//! Files of locked packages.

use mach_nix_hash::Digest;
use mach_nix_model::{DistributionFile, MetadataFile, Timestamp, Yanked};
use url::Url;

/// A file of a locked package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignFile {
    /// Its name.
    pub name: String,
    /// Where it is, if the lock says.
    pub url: Option<Url>,
    /// The digest of its content, if the lock has one that is strong.
    pub hash: Option<Digest>,
    /// Its size in bytes, if the lock says.
    pub size: Option<u64>,
    /// When it was uploaded, if the lock says.
    pub upload_time: Option<Timestamp>,
}

impl ForeignFile {
    /// The file as an index would list it, where its address is known.
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
