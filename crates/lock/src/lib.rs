//! The lock file, `mach-nix.lock` (layer 3).
//!
//! Rule of this crate: equal [`Lock`] values give equal bytes, on every machine and in every run. Nothing here depends
//! on how a lock is created.
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
//! // The digest connects the lock with the lines of a requirements file.
//! assert_eq!(lock.request.digest, requirements_digest("flask>=3  # the web\n"));
//!
//! // The graph answers queries about dependencies.
//! let graph = Graph::new(&lock);
//! assert_eq!(graph.tree(TreeFormat::Text, false, None, None), "flask 3.0.3\n└── click 8.1.7\n");
//! let why = graph.why(&"click".parse()?).unwrap_or_default();
//! assert!(why.starts_with("click 8.1.7 is locked because\n"), "{why}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The format is JSON, because Nix parses JSON many times faster than TOML. Version 1 is [`Lock`] as formatted by
//! [`Lock::to_json`]: keys in a fixed order, packages sorted by name, no timestamps of the run, no absolute paths. A
//! parser ignores unknown fields in known versions, and rejects newer versions ([`LockError::NewerVersion`]). Every
//! released version remains supported.
//!
//! [`requirements_digest`] connects a lock with its requirements; `nixlib/lock/digest.nix` computes the same digest.
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
mod valid;
mod virtual_packages;
mod why;

pub use digest::{requirement_lines, requirements_digest};
pub use error::{LockError, VERSION};
pub use export::ExportError;
pub use format::{Lock, LockedProject, LockedRequest, LockedTarget};
pub use graph::Graph;
pub use package::{LockedBuild, LockedConda, LockedFile, LockedGit, LockedPackage, LockedSource};
pub use parts::{LockedParts, LockedRoot, node};
pub use targets::TargetSet;
pub use tree::TreeFormat;
