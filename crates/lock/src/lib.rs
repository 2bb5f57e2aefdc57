//! The lock file, `mach-nix.lock` (layer 2).
//!
//! Rule of this crate: one [`Lock`] value in, the same bytes out, on every machine and in every run. Nothing here knows
//! how a lock came to be.
//!
//! The format is JSON, because Nix reads JSON many times faster than TOML. Version 1 is [`Lock`] written by
//! [`Lock::to_json`]: keys in a fixed order, packages sorted by name, no timestamps of the run, no paths of the machine.
//! A reader tolerates fields it does not know inside a version it knows, and refuses a version it does not know
//! ([`LockError::NewerVersion`]). Versions that were ever written stay readable.
//!
//! [`requirements_digest`] ties a lock to the requirements it was made for; `nixlib/lock/digest.nix` computes the same.

//!
//! Out of a lock come other tools' formats ([`Lock::to_pylock`], [`Lock::to_requirements`], [`Lock::to_cyclonedx`]), and
//! answers to questions about it: [`Graph`].

mod digest;
mod error;
mod export;
mod format;
mod graph;
mod marker;
mod package;
mod provider_lists;
mod targets;
mod tree;
mod why;

pub use digest::{requirement_lines, requirements_digest};
pub use error::{LockError, VERSION};
pub use export::ExportError;
pub use format::{Lock, LockedProject, LockedRequest, LockedTarget};
pub use graph::Graph;
pub use package::{LockedBuild, LockedFile, LockedGit, LockedPackage, LockedSource};
pub use targets::TargetSet;
pub use tree::TreeFormat;
