//! From a request and a package index to a lock (layer 3).
//!
//! Rule of this crate: no I/O of its own; whoever calls it brings the index and writes the lock. Equal requests over
//! equal indexes give equal locks.
//!
//! Each target is resolved on its own, in the order given; a later one stays with the versions of the earlier ones where
//! it can. What was chosen for several targets alike becomes one entry.

mod ask;
mod build;
mod computed;
mod entries;
mod error;
mod graph;
mod location;
mod lock;
mod nixpkgs;
mod options;
mod partial;
mod project;
mod request;
mod saved;
mod sources;

pub use ask::Ask;
pub use build::{BackendAnswer, BuildError, BuiltMetadata, SourceBuilder, Wish};
pub use error::{EngineError, ErrorClass};
pub use location::relative;
pub use lock::{Locked, lock};
pub use nixpkgs::{Inventory, InventoryEntry, InventoryFile, WithNixpkgs, interpreter};
pub use options::{PolicyOptions, RequestOptions, targets};
pub use partial::PartialInventory;
pub use request::Request;
pub use saved::{RecordingBuilder, RecordingIndex, SavedProblem};
pub use sources::{Sources, recorded_indexes, refuse_other_places};
