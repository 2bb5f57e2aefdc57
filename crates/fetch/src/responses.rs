//! Contents of responses.

use mach_nix_hash::Sha256;

/// A part of a file.
pub struct Part {
    /// The offset in the file.
    pub start: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The size of the whole file.
    pub total: u64,
}

/// A page of an index.
pub enum Page {
    /// The known content is current.
    Unchanged,
    /// The content.
    Content {
        /// The bytes.
        body: Vec<u8>,
        /// The validator: see [`Client::validator`](crate::client::Client::validator).
        validator: Option<String>,
    },
}

/// Digest and size of a complete file.
pub struct Digest {
    /// The digest of the content.
    pub hash: Sha256,
    /// The size in bytes.
    pub size: u64,
    /// The validator: see [`Client::validator`](crate::client::Client::validator).
    pub validator: Option<String>,
}
