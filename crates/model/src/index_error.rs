//! Errors of a package index.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use mach_nix_hash::{Digest, Sha256};
use pep508_rs::PackageName;

use crate::{Setting, Surface};

/// The shared cause of an error: an index returns the same error to every caller.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// A failed query.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// The server did not respond, or responded with an error.
    #[error("cannot get {url}: {cause}")]
    Unreachable {
        /// The address, without credentials.
        url: String,
        /// The cause, with the remedy if known.
        #[source]
        cause: Cause,
    },
    /// The item is not cached, in offline mode.
    #[error(
        "{what} is not in the cache, and nothing is fetched offline; run once with access to the network"
    )]
    Offline {
        /// The missing item.
        what: String,
    },
    /// The saved problem lacks a result.
    #[error("the saved problem has no data about `{what}`; save it again with this release")]
    NotSaved {
        /// The missing item.
        what: String,
    },
    /// The snapshot does not contain the item.
    #[error("the snapshot {} does not hold {what}", file_name_in_store(snapshot).unwrap_or(snapshot))]
    NotInSnapshot {
        /// The file of the snapshot.
        snapshot: String,
        /// The missing item.
        what: String,
        /// The requirement whose closure would contain the item.
        add: String,
    },
    /// Direct references are not in snapshots.
    #[error(
        "`{requirement}` is a direct reference, and a snapshot contains only an index's files: lock it from the index itself, \
         without a snapshot"
    )]
    NotOfAnIndex {
        /// The direct reference.
        requirement: String,
    },
    /// The snapshot cannot be read.
    #[error(transparent)]
    Snapshot(Cause),
    /// The server sent an invalid response.
    #[error("invalid response from {url}: {cause}")]
    Malformed {
        /// The address, without credentials.
        url: String,
        /// The error in the response.
        #[source]
        cause: Cause,
    },
    /// No nixpkgs is available, or none for the target. Other providers may serve the package.
    #[error("{reason}")]
    NoNixpkgs {
        /// The reason, and the remedy.
        reason: String,
    },
    /// The package of nixpkgs is not usable.
    #[error("{reason}")]
    Skipped {
        /// The package, and the reason.
        reason: String,
    },
    /// The index has no source distributions.
    #[error("{file}: this index serves wheels only; use the provider `wheel`")]
    WheelsOnly {
        /// The source distribution.
        file: String,
    },
    /// The index has no file contents, only metadata.
    #[error("{}", no_content(file, hash.as_ref()))]
    NoContent {
        /// The file.
        file: String,
        /// Its digest, if known.
        hash: Option<Sha256>,
    },
    /// The index has no conda channels.
    #[error(
        "the snapshot has no conda channel `{channel}`: name it where the snapshot is built, or make a lock file with \
         `mach-nix lock`, without a snapshot"
    )]
    NoChannels {
        /// The name of the channel.
        channel: String,
    },
    /// The index does not resolve direct references.
    #[error("{requirement}: direct references are not supported here; require a version instead")]
    NoReferences {
        /// The direct reference.
        requirement: String,
    },
    /// The target of a direct reference does not match the reference, or is not usable.
    #[error("{reference}: {cause}")]
    InvalidReference {
        /// The direct reference, or its address.
        reference: String,
        /// The reason, and the remedy.
        #[source]
        cause: Cause,
    },
    /// The git repository lacks the branch or tag.
    #[error(
        "{repository}@{name}: the repository has no such branch or tag: name one that it has, or a commit with all 40 digits"
    )]
    NoSuchRevision {
        /// The address of the repository, without credentials.
        repository: String,
        /// The branch or tag.
        name: String,
    },
    /// A branch or tag that does not contain the commit that a lock has for it.
    #[error(
        "{repository}@{name}: commit {rev}, which the lock has for `{name}`, is not part of it; somebody changed the lock or rewrote the \
         history: upgrade the package to take the present commit"
    )]
    UnreachedCommit {
        /// The address of the repository, without credentials.
        repository: String,
        /// The branch or tag.
        name: String,
        /// The commit.
        rev: String,
    },
    /// The version is known only after a build, and builds are not available.
    #[error("{requirement}: only a build determines its version, and nothing is built here")]
    UnknownVersion {
        /// The direct reference.
        requirement: String,
    },
    /// The source cannot be built.
    #[error("{what}: {cause}")]
    BuildFailed {
        /// The direct reference.
        what: String,
        /// The reason, and the remedy.
        #[source]
        cause: Cause,
    },
    /// Results cannot be written to their file.
    #[error("cannot write {}: {cause}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The reason.
        #[source]
        cause: Cause,
    },
    /// Nix failed.
    #[error("{what}: {cause}")]
    Nix {
        /// The purpose of the Nix command.
        what: String,
        /// The reason, and the remedy.
        #[source]
        cause: Cause,
    },
    /// The search has exhausted its budget.
    #[error("this search takes too many steps")]
    BudgetExhausted,
    /// The digest of the file differs from the announced one.
    #[error("{url} has the wrong content: {expected} was announced, the file has {actual}")]
    HashMismatch {
        /// The address of the file.
        url: String,
        /// The announced digest, as SRI.
        expected: String,
        /// The actual digest, as SRI.
        actual: String,
    },
}

fn no_content(file: &str, hash: Option<&Sha256>) -> String {
    let line = hash.map_or_else(|| "…".to_owned(), Sha256::to_hex);
    format!(
        "{file}: the requirements allow it by a digest that is not SHA-256, and its content is not available here: add \
         `--hash=sha256:{line}` if you trust it"
    )
}

/// The name of a file in a Nix store, as in `…/HASH-NAME`.
#[must_use]
pub fn file_name_in_store(path: &str) -> Option<&str> {
    let (hash, name) = path.rsplit_once('/')?.1.split_once('-')?;
    let is_hash = hash.len() == 32
        && hash
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'z'));
    is_hash.then_some(name)
}

impl IndexError {
    /// The error with its remedy in the surface's notation.
    #[must_use]
    pub fn display(&self, surface: &dyn Surface) -> String {
        match self {
            Self::NotInSnapshot { snapshot, add, .. } => {
                let (snapshot, add) = (snapshot.clone(), add.clone());
                format!(
                    "{self}; {}",
                    surface.spell(&Setting::LargerSnapshot { snapshot, add })
                )
            }
            _ => self.to_string(),
        }
    }

    /// A server or file that cannot be read.
    #[must_use]
    pub fn unreachable(url: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let (url, cause) = (url.into(), cause.into().into());
        Self::Unreachable { url, cause }
    }

    /// A file with an unexpected digest.
    #[must_use]
    pub fn mismatch(url: impl Into<String>, expected: impl Into<Digest>, actual: impl Into<Digest>) -> Self {
        Self::HashMismatch {
            url: url.into(),
            expected: expected.into().to_string(),
            actual: actual.into().to_string(),
        }
    }

    /// An invalid response.
    #[must_use]
    pub fn malformed(url: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let (url, cause) = (url.into(), cause.into().into());
        Self::Malformed { url, cause }
    }

    /// A direct reference whose target does not match it, or is not usable.
    #[must_use]
    pub fn invalid_reference(
        reference: impl Into<String>,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let (reference, cause) = (reference.into(), cause.into().into());
        Self::InvalidReference { reference, cause }
    }

    /// A project that is not in the snapshot.
    #[must_use]
    pub fn project_not_in_snapshot(snapshot: &str, name: &PackageName) -> Self {
        Self::NotInSnapshot {
            snapshot: snapshot.to_owned(),
            what: format!("the project `{name}`"),
            add: name.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn a_snapshot_in_a_store_is_named_by_its_file() {
        for (snapshot, name) in [
            ("./my-own.snapshot", "./my-own.snapshot"),
            (
                "/nix/store/ycx2biz4vimv4d99h6w98zrwx2v2x4hm-common.snapshot",
                "common.snapshot",
            ),
        ] {
            let error = IndexError::project_not_in_snapshot(snapshot, &"flask".parse().unwrap());
            assert_eq!(
                error.to_string(),
                format!("the snapshot {name} does not hold the project `flask`")
            );
        }
    }
}
