//! The state of a package index in one file (layer 2).
//!
//! Rule of this crate: the only I/O is reading and writing snapshots. What a [`Snapshot`] answers is what the index it
//! was made from answered then, for the releases it holds; what it does not hold is an error, never a guess.
//!
//! # The file
//!
//! | part | content |
//! |---|---|
//! | head | magic, format version |
//! | blocks | some 64 KiB of projects each, in the order of their names, compressed by zstd |
//! | pages | the index: for each block its first name and its place; some hundred places a page |
//! | root | for each page its first name and its place; where the snapshot came from; counts |
//! | trailer | place and checksum of the root, SHA-256 of everything before, format version, magic |
//!
//! The parts are MessagePack. Opening a snapshot reads head, trailer and root; a name then costs a page and
//! a block, which are checked by their checksums (XXH3: it finds damage, not attackers) when they are read. The digest of
//! the whole is for [`Snapshot::verify`]. Equal content gives equal bytes.
//!
//! Within a project, texts and dependency lists that several files share are written once. A file is read with positional
//! reads and not mapped: see `docs/decisions/0017`.
//!
//! # Making one
//!
//! [`Closure`] collects what a resolver could ask for some requirements; [`SnapshotWriter`] takes projects in the order of
//! their names, and holds no more than a block of them and the index.
//!
//! ```
//! use mach_nix_snapshot::{Origin, Snapshot, SnapshotProject, SnapshotWriter};
//!
//! // An index that was queried for one project, and did not know it.
//! let unknown = SnapshotProject { name: "no-such-project".parse()?, index: None, releases: Vec::new() };
//! let mut writer = SnapshotWriter::new(Vec::new(), Origin::default())?;
//! writer.add(&unknown)?;
//! let (file, digest) = writer.finish()?;
//!
//! let snapshot = Snapshot::from_source(file, "demo.snapshot".to_owned())?;
//! assert_eq!(snapshot.digest(), digest);
//! // Held, and unknown to the index; everything else is not held.
//! assert!(snapshot.get(&unknown.name)?.is_some_and(|held| held.project.is_none()));
//! assert!(snapshot.get(&"flask".parse()?)?.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg_attr(
    target_family = "wasm",
    allow(dead_code, reason = "parts of it are for writers")
)]
mod block;
mod closure;
mod compression;
mod contents;
mod corruption;
mod difference;
mod error;
#[cfg_attr(
    target_family = "wasm",
    allow(dead_code, reason = "parts of it are for writers")
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
pub use contents::{SnapshotProject, StoredFile};
pub use difference::{Change, difference};
pub use error::{SnapshotError, WriteError};
pub use format::{Counts, Origin, VERSION};
pub use snapshot::{Snapshot, StoredProject};
pub use source::Source;
#[cfg(not(target_family = "wasm"))]
pub use writer::SnapshotWriter;
