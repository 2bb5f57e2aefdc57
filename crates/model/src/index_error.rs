//! Errors of an index.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use mach_nix_hash::{Digest, Sha256};
use pep508_rs::PackageName;

use crate::{Setting, Surface};

/// The cause of an error, shared: an index gives the same error to everyone who queries it.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// A query without an answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// The server did not answer, or answered with a failure.
    #[error("cannot get {url}: {cause}")]
    Unreachable {
        /// The address, without credentials.
        url: String,
        /// The cause, with the remedy if it is known.
        #[source]
        cause: Cause,
    },
    /// Work is offline, and the cache does not have it.
    #[error(
        "{what} is not in the cache, and nothing is fetched offline; run once with access to the network"
    )]
    Offline {
        /// The missing item.
        what: String,
    },
    /// A saved problem that lacks an answer.
    #[error("the saved problem does not hold what is known of `{what}`; save it again with this release")]
    NotSaved {
        /// The missing item.
        what: String,
    },
    /// A snapshot holds some of an index, and not this.
    #[error("the snapshot {} does not hold {what}", file_name_in_store(snapshot).unwrap_or(snapshot))]
    NotInSnapshot {
        /// The file.
        snapshot: String,
        /// The missing item.
        what: String,
        /// The requirement whose closure would hold it.
        add: String,
    },
    /// A direct reference, and a snapshot answers.
    #[error(
        "`{requirement}` is a direct reference, and a snapshot holds what an index lists: lock it from the index itself, \
         without a snapshot"
    )]
    NotOfAnIndex {
        /// The missing item.
        requirement: String,
    },
    /// A snapshot that cannot be read.
    #[error(transparent)]
    Snapshot(Cause),
    /// The server answered with something unreadable.
    #[error("cannot read the answer of {url}: {cause}")]
    Malformed {
        /// The address, without credentials.
        url: String,
        /// The problem of the response.
        #[source]
        cause: Cause,
    },
    /// There is no nixpkgs that could be asked, or none for the target. Where something else may do, it does.
    #[error("{reason}")]
    NoNixpkgs {
        /// Why, and what to do.
        reason: String,
    },
    /// Nixpkgs has something under the name that cannot be taken for a package.
    #[error("{reason}")]
    Skipped {
        /// What, and why.
        reason: String,
    },
    /// The index has no source distributions.
    #[error("{file}: this index serves wheels only; use the provider `wheel`")]
    WheelsOnly {
        /// The source distribution.
        file: String,
    },
    /// The index has no files, only what was read of them.
    #[error("{}", no_content(file, hash.as_ref()))]
    NoContent {
        /// The file.
        file: String,
        /// Its known digest.
        hash: Option<Sha256>,
    },
    /// The index has no conda channels.
    #[error(
        "the conda channel `{channel}` cannot be queried here, where a snapshot or a saved problem answers: make a lock file \
         with `mach-nix lock`, without a snapshot"
    )]
    NoChannels {
        /// The name of the channel.
        channel: String,
    },
    /// The index follows no direct references.
    #[error("{requirement}: addresses are not followed here; ask for a version instead")]
    NoReferences {
        /// The direct reference.
        requirement: String,
    },
    /// The thing at the address of a direct reference is not what the reference says, or is not usable.
    #[error("{reference}: {reason}")]
    InvalidReference {
        /// The direct reference, or its address.
        reference: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A git repository lacks a branch or tag.
    #[error(
        "{repository}@{name}: the repository has no such branch or tag: name one that it has, or a commit with all 40 digits"
    )]
    NoSuchRevision {
        /// The address of the repository, without credentials.
        repository: String,
        /// The branch or tag.
        name: String,
    },
    /// A source whose version only a build gives, where nothing is built.
    #[error("{requirement}: its version is known to its build backend only, and nothing is built here")]
    UnknownVersion {
        /// The direct reference.
        requirement: String,
    },
    /// A source that cannot be built.
    #[error("{what}: {reason}")]
    BuildFailed {
        /// The direct reference.
        what: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Answers that have to be written to a file, and cannot be.
    #[error("{}: it cannot be written: {cause}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// Nix failed.
    #[error("{what}: {cause}")]
    Nix {
        /// The purpose of the run.
        what: String,
        /// Why, and what to do.
        #[source]
        cause: Cause,
    },
    /// A search with a budget has used it up.
    #[error("this search takes too many steps")]
    BudgetExhausted,
    /// The file does not have the digest that the index or the requirement announced.
    #[error("{url} has the wrong content: {expected} was announced, the file has {actual}")]
    HashMismatch {
        /// The address of the file.
        url: String,
        /// The announced digest, as SRI.
        expected: String,
        /// The received digest, as SRI.
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

/// The name of a file that lies in a Nix store, as `…/HASH-NAME`.
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
    /// The error with its remedy as a surface spells it.
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

    /// A server, or a file, that gives nothing.
    #[must_use]
    pub fn unreachable(url: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let (url, cause) = (url.into(), cause.into().into());
        Self::Unreachable { url, cause }
    }

    /// A file that is not the announced one.
    #[must_use]
    pub fn mismatch(url: impl Into<String>, expected: impl Into<Digest>, actual: impl Into<Digest>) -> Self {
        Self::HashMismatch {
            url: url.into(),
            expected: expected.into().to_string(),
            actual: actual.into().to_string(),
        }
    }

    /// An answer that cannot be read.
    #[must_use]
    pub fn malformed(url: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let (url, cause) = (url.into(), cause.into().into());
        Self::Malformed { url, cause }
    }

    /// A snapshot does not hold a project.
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
