//! The state of a package index in one file (layer 3).
//!
//! Rule of this crate: its only I/O is reading and writing snapshots. A [`Snapshot`] returns the results that its index
//! returned when it was made, for the releases that it contains; anything else is an error, never a guess.
//!
//! # The file
//!
//! | part | content |
//! |---|---|
//! | head | magic, format version |
//! | blocks | about 64 KiB of projects each, sorted by name, compressed by zstd |
//! | conda | the records of conda packages, in blocks of the same form |
//! | pages | the index: first name and location of each block; several hundred locations per page |
//! | root | first name and location of each page; the origin of the snapshot; statistics |
//! | trailer | location and checksum of the root, SHA-256 of everything before, format version, magic |
//!
//! The parts are MessagePack. Opening a snapshot reads head, trailer and root; a query then reads a page and a block,
//! and verifies their checksums (XXH3, which detects damage but not attackers). [`Snapshot::verify`] checks the digest
//! of the whole. Equal content gives equal bytes.
//!
//! Within a project, texts and dependency lists shared by several files are stored once. The file is read with
//! positional reads and not mapped: see `docs/decisions/0017`.
//!
//! # Writing
//!
//! [`Closure`] collects everything that a resolver could query for some requirements; [`SnapshotWriter`] takes projects
//! sorted by name, and buffers only a block of them and the index.
//!
//! ```
//! use mach_nix_snapshot::{Origin, Snapshot, SnapshotProject, SnapshotWriter};
//!
//! // An index that was queried for one project, and did not have it.
//! let unknown = SnapshotProject { name: "no-such-project".parse()?, index: None, releases: Vec::new() };
//! let mut writer = SnapshotWriter::new(Vec::new(), Origin::default())?;
//! writer.add(&unknown)?;
//! let (file, digest) = writer.finish()?;
//!
//! let snapshot = Snapshot::from_source(file, "demo.snapshot".to_owned())?;
//! assert_eq!(snapshot.digest(), digest);
//! // The snapshot records that the index does not have it; other projects are not in the snapshot.
//! assert!(snapshot.get(&unknown.name)?.is_some_and(|held| held.project.is_none()));
//! assert!(snapshot.get(&"flask".parse()?)?.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg_attr(
    target_family = "wasm",
    allow(dead_code, reason = "some parts are used only for writing")
)]
mod block;
mod closure;
mod compression;
mod conda;
mod contents;
mod corruption;
mod difference;
mod error;
#[cfg_attr(
    target_family = "wasm",
    allow(dead_code, reason = "some parts are used only for writing")
)]
mod format;
mod index;
#[cfg(not(target_family = "wasm"))]
mod pack;
mod record;
mod snapshot;
mod source;
mod verify;
#[cfg(not(target_family = "wasm"))]
mod writer;

#[cfg(test)]
mod tests;

pub use closure::{Closure, ClosureOptions, whole};
pub use conda::conda_key;
pub use contents::{SnapshotProject, StoredFile};
pub use difference::{Change, difference};
pub use error::{SnapshotError, WriteError};
pub use format::{CondaOrigin, Counts, Origin, VERSION};
pub use snapshot::{Snapshot, StoredProject};
pub use source::Source;
#[cfg(not(target_family = "wasm"))]
pub use writer::SnapshotWriter;
