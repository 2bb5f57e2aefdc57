//! The parts of the file other than projects.

use mach_nix_conda::Channel;
use mach_nix_hash::Sha256;
use mach_nix_model::{Target, Timestamp};
use serde::{Deserialize, Serialize};

use crate::corruption::Corruption;

/// The format version that this release writes.
///
/// - 1: the first.
pub const VERSION: u32 = 1;

/// The first and last bytes of the file.
pub const MAGIC: [u8; 8] = *b"\x89mnsnap\n";

/// Magic and format version.
pub const HEAD_SIZE: usize = 12;

/// Offset, length and checksum of the root; digest, format version, magic.
pub const TRAILER_SIZE: usize = 8 + 8 + 8 + 32 + 4 + 8;

/// Minimum size of a complete block before compression, except for the last one; a project is never split.
pub const BLOCK_SIZE: usize = 64 * 1024;

/// Maximum size of a block before compression, so that readers need not trust the size in the file.
pub const MAX_BLOCK: usize = 64 * 1024 * 1024;

/// Number of block locations per page of the index.
pub const PAGE_LOCATIONS: usize = 256;

/// The origin of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The requirements of the closure, sorted; empty for a whole index.
    pub requirements: Vec<String>,
    /// The supported targets.
    pub targets: Vec<Target>,
    /// Minimum number of stored releases per project. A whole index has all releases.
    pub releases: u32,
    /// Files uploaded at this instant or later were skipped.
    pub exclude_newer: Option<Timestamp>,
    /// The URLs of the indexes in the order of queries, without credentials.
    pub indexes: Vec<String>,
    /// The conda channels, if there are any. Last, because the parts of a snapshot are lists of values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conda: Option<CondaOrigin>,
}

/// The conda part of the origin of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CondaOrigin {
    /// The requirements for conda packages, sorted: `conda:SPEC`.
    pub requirements: Vec<String>,
    /// The channels, most preferred first, without credentials.
    pub channels: Vec<Channel>,
}

impl Origin {
    /// Whether it contains a whole index.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.requirements.is_empty() && self.conda.is_none()
    }
}

/// Statistics of the contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Number of names, including those that the index did not have.
    pub projects: u64,
    /// Number of releases of all projects.
    pub releases: u64,
    /// Number of files of all releases.
    pub files: u64,
    /// The upload time of the newest file.
    pub newest: Option<Timestamp>,
}

/// The location of a block or page, and its first name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockLocation {
    /// The first name in it.
    pub first: Box<str>,
    /// The offset in the file.
    pub offset: u64,
    /// Compressed size in bytes.
    pub length: u64,
    /// Decompressed size in bytes.
    pub size: u64,
    /// XXH3 of the bytes in the file.
    pub checksum: u64,
}

/// The last part of variable size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    pub origin: Origin,
    pub counts: Counts,
    /// The URLs of the projects' indexes.
    pub addresses: Vec<Box<str>>,
    pub pages: Vec<BlockLocation>,
    /// The blocks of conda records, by channel, folder and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conda: Vec<BlockLocation>,
}

/// The end of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailer {
    pub root_offset: u64,
    pub root_length: u64,
    pub root_checksum: u64,
    /// The digest of everything before the trailer.
    pub digest: Sha256,
}

/// The head of the file.
pub fn head() -> [u8; HEAD_SIZE] {
    let mut head = [0; HEAD_SIZE];
    head[..8].copy_from_slice(&MAGIC);
    head[8..].copy_from_slice(&VERSION.to_le_bytes());
    head
}

/// The format version in a header; `None` if it is not a header.
pub fn version_of(head: &[u8]) -> Option<u32> {
    let rest = head.strip_prefix(&MAGIC)?;
    rest.first_chunk().map(|version| u32::from_le_bytes(*version))
}

impl Trailer {
    pub fn to_bytes(self) -> Vec<u8> {
        let numbers = [self.root_offset, self.root_length, self.root_checksum];
        let mut bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        bytes.extend(self.digest.as_bytes());
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(MAGIC);
        bytes
    }

    pub fn read(bytes: &[u8; TRAILER_SIZE]) -> Result<Self, Corruption> {
        let number = |place: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[place * 8..place * 8 + 8]);
            u64::from_le_bytes(number)
        };
        let mut digest = [0; 32];
        digest.copy_from_slice(&bytes[24..56]);
        if bytes[56..60] != VERSION.to_le_bytes() || bytes[60..] != MAGIC {
            return Err(Corruption::new(
                "its end is not that of a snapshot, as if it were truncated",
            ));
        }
        Ok(Self {
            root_offset: number(0),
            root_length: number(1),
            root_checksum: number(2),
            digest: digest.into(),
        })
    }
}
