//! Errors in lock files.

use mach_nix_model::AnyName;

/// The version of the format that this crate writes.
pub const VERSION: u32 = 1;

/// An invalid lock file.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Not valid JSON, or not a valid lock.
    #[error("line {line}, column {column}: this is not a lock: {reason}")]
    Malformed {
        /// One-based line.
        line: usize,
        /// One-based column.
        column: usize,
        /// The problem.
        reason: String,
    },
    /// Written by a later release.
    #[error(
        "this lock has format version {found}, and this mach-nix reads up to version {VERSION}: \
         use a newer mach-nix, or delete the file and write the lock again with this one"
    )]
    NewerVersion {
        /// The version in the file.
        found: u64,
    },
    /// An entry with no source, or with several.
    #[error("`{package}` {reason}: write the lock again")]
    NoSource {
        /// The package.
        package: AnyName,
        /// The problem.
        reason: &'static str,
    },
    /// An entry that is not valid by `nixlib/lock/valid.json`.
    #[error("{0}: write the lock again")]
    NotValid(String),
    /// An entry whose version cannot be read.
    #[error("`{package}`: {reason}: write the lock again")]
    NoVersion {
        /// The package.
        package: AnyName,
        /// The problem.
        reason: String,
    },
    /// An entry that is for nothing the lock was made for.
    #[error("`{package}` serves target {target}, and the lock has {targets}: write the lock again")]
    NoSuchTarget {
        /// The package.
        package: AnyName,
        /// The index it names; `none` where its list is empty.
        target: String,
        /// Number of targets.
        targets: usize,
    },
}
