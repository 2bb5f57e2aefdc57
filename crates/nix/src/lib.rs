//! Queries to Nix: packages of nixpkgs and build backends (layer 5).
//!
//! Rule of this crate: the only one that starts Nix. Nix evaluates files of `nixlib`, which are part of the binary, and
//! gets its arguments as data: a path and a JSON file, never as text that becomes an expression. Foreign code runs in
//! Nix builds only.
//!
//! [`Nix`] is the local Nix with its package set; [`NixBuilder`] queries the build backends of sources.

mod build_log;
mod builder;
mod error;
mod failures;
mod fetched_set;
mod folder_state;
mod identity;
mod inventory;
mod library;
mod nix;
mod package_set;
mod run;

pub use builder::{DEFAULT_BUILD_LIMIT, NixBuilder};
pub use error::NixError;
pub use inventory::EvaluatedInventory;
pub use library::LIBRARY;
pub use nix::Nix;
pub use run::DEFAULT_TIMEOUT;
