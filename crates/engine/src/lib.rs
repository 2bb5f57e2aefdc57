//! From a request and a package index to a lock (layer 3).
//!
//! Rule of this crate: no I/O of its own; the caller brings the index and writes the lock. Equal requests over equal
//! indexes give equal locks.
//!
//! A [`Request`] is made of requirements ([`mach_nix_manifest`]) and [`RequestOptions`]. [`lock()`] resolves it for each
//! target in the order given; a later target prefers the versions of the earlier ones. What was chosen for several
//! targets alike becomes one entry of the [lock](mach_nix_lock::Lock).

mod ask;
mod backend;
mod build;
mod computed;
mod entries;
mod error;
mod graph;
mod location;
mod lock;
mod nix_surface;
mod nixpkgs;
mod options;
mod partial;
mod project;
mod request;
mod saved;
mod source;
mod sources;

pub use ask::Ask;
pub use backend::{BackendAnswer, BuildError, BuiltMetadata, SourceBuilder, Wish};
pub use error::{EngineError, ErrorClass};
pub use location::relative;
pub use lock::{Locked, lock};
pub use nix_surface::NixSurface;
pub use nixpkgs::{Inventory, InventoryEntry, InventoryFile, WithNixpkgs, interpreter};
pub use options::{PolicyOptions, RequestOptions, targets};
pub use partial::PartialInventory;
pub use request::Request;
pub use saved::{RecordingBuilder, RecordingIndex, SavedProblem};
pub use sources::{Sources, recorded_indexes, refuse_other_places};
