//! The lock file, `mach-nix.lock` (layer 2).
//!
//! Rule of this crate: one [`Lock`] value in, the same bytes out, on every machine and in every run. Nothing here depends on
//! how a lock is made.
//!
//! ```
//! use mach_nix_lock::{Graph, Lock, TreeFormat, requirements_digest};
//!
//! let lock = Lock::from_json(r#"{
//!   "version": 1,
//!   "request": {
//!     "requirements": ["flask>=3"],
//!     "digest": "sha256-cHaHvu34srcerTlPYn4h1AuTH2QBcAchpRleN8YCcb0=",
//!     "providers": {"_default": "nixpkgs"}, "indexes": [], "prerelease": "disallow"
//!   },
//!   "targets": [{"python": "3.12", "system": "x86_64-linux"}],
//!   "packages": [
//!     {"name": "click", "version": "8.1.7", "provider": "nixpkgs", "attribute": "click"},
//!     {"name": "flask", "version": "3.0.3", "provider": "nixpkgs", "attribute": "flask", "dependencies": ["click"]}
//!   ]
//! }"#)?;
//! assert_eq!(Lock::from_json(&lock.to_json())?, lock);
//!
//! // The digest ties the lock to the lines of a requirements file.
//! assert_eq!(lock.request.digest, requirements_digest("flask>=3  # the web\n"));
//!
//! // Queries about the dependencies go to the graph.
//! let graph = Graph::new(&lock);
//! assert_eq!(graph.tree(TreeFormat::Text, false, None), "flask 3.0.3\n└── click 8.1.7\n");
//! let why = graph.why(&"click".parse()?).unwrap_or_default();
//! assert!(why.starts_with("click 8.1.7 is locked because\n"), "{why}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The format is JSON, because Nix reads JSON many times faster than TOML. Version 1 is [`Lock`] written by
//! [`Lock::to_json`]: keys in a fixed order, packages sorted by name, no timestamps of the run, no absolute paths.
//! A reader ignores unknown fields in a version that it knows, and refuses a newer version ([`LockError::NewerVersion`]). Every
//! version that was released stays readable.
//!
//! [`requirements_digest`] ties a lock to the requirements that it was made for; `nixlib/lock/digest.nix` computes the same.
//! [`Lock::to_pylock`], [`Lock::to_requirements`] and [`Lock::to_cyclonedx`] export a lock to other tools' formats.

mod digest;
mod error;
mod export;
mod format;
mod graph;
mod marker;
mod package;
mod parts;
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
pub use parts::{LockedParts, LockedRoot, node};
pub use targets::TargetSet;
pub use tree::TreeFormat;
