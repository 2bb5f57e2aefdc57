//! The door to the world: everything the resolver asks is asked here.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::{
    CoreMetadata, DistributionFile, NixpkgsPackage, Project, Referenced, Requirement, SourceFacts, Target,
};

/// What a lock says about a file beyond its name: taken from the index where it says so, else from the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The digest of the content.
    pub hash: Sha256,
    /// The size in bytes, where it can be known without downloading the file.
    pub size: Option<u64>,
}

/// A question that got no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// The server did not answer, or answered with a failure.
    #[error("cannot get {url}: {reason}")]
    Unreachable {
        /// The address asked, without credentials.
        url: String,
        /// What went wrong, and what to do where that is known.
        reason: String,
    },
    /// `--offline`, and the cache does not have it.
    #[error("{what} is not in the cache, and --offline forbids to fetch it; run once without --offline")]
    Offline {
        /// What was asked for.
        what: String,
    },
    /// A saved problem that lacks an answer.
    #[error("the saved problem does not hold what is known of `{what}`; save it anew with this release")]
    NotSaved {
        /// What was asked for.
        what: String,
    },
    /// A snapshot holds some of an index, and not this.
    #[error("{}", not_in_snapshot(snapshot, what, add))]
    NotInSnapshot {
        /// The file.
        snapshot: String,
        /// What was asked for.
        what: String,
        /// The requirement whose closure would hold it.
        add: String,
    },
    /// A direct reference, and a snapshot answers.
    #[error(
        "`{requirement}` names an address, and a snapshot holds what an index lists: make a lock file with `mach-nix lock` and \
         no snapshot"
    )]
    NotOfAnIndex {
        /// What was asked for.
        requirement: String,
    },
    /// A snapshot that cannot be read, in its own words.
    #[error("{0}")]
    Snapshot(String),
    /// The server answered with something unreadable.
    #[error("cannot read the answer of {url}: {reason}")]
    Malformed {
        /// The address asked, without credentials.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// There is no nixpkgs that could be asked, or none for the target. Where something else may do, it does.
    #[error("{reason}")]
    NoNixpkgs {
        /// Why, and what to do.
        reason: String,
    },
    /// Nixpkgs has something under the name that cannot be taken for a package.
    #[error("{reason}")]
    LeftOut {
        /// What, and why.
        reason: String,
    },
    /// The index cannot answer this kind of question at all.
    #[error("{what}: {reason}")]
    Unsupported {
        /// What was asked for.
        what: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The file does not have the digest that the index or the requirement announced.
    #[error("{url} has the wrong content: {expected} was announced, the file has {actual}")]
    HashMismatch {
        /// The address of the file.
        url: String,
        /// What was announced.
        expected: Sha256,
        /// What was received.
        actual: Sha256,
    },
}

/// Nothing is added to what lies in a Nix store.
fn not_in_snapshot(snapshot: &str, what: &str, add: &str) -> String {
    match stored_name(snapshot) {
        Some(name) => format!(
            "the snapshot {name} does not hold {what}; make a lock file with `mach-nix lock`, which asks the index itself, or \
             a snapshot that has it with `mach-nix index build {add} -o FILE`, and give `pypiData`"
        ),
        None => format!(
            "the snapshot {snapshot} does not hold {what}; add it with `mach-nix index add {snapshot} {add}`, or ask the \
             index itself with `mach-nix lock` and no snapshot"
        ),
    }
}

/// The name of a file that lies in a Nix store, as `…/HASH-NAME`.
fn stored_name(path: &str) -> Option<&str> {
    let (hash, name) = path.rsplit_once('/')?.1.split_once('-')?;
    let is_hash = hash.len() == 32
        && hash
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'z'));
    is_hash.then_some(name)
}

impl IndexError {
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

/// A source of packages: a live index, a snapshot, or a list in a test.
///
/// Laws: within the life of a value, the same question gets the same answer, whatever the order and the threads of
/// the questions; `project` lists releases in ascending order; names are in normal form. The resolver's answer is a
/// function of the answers given here and of nothing else.
pub trait PackageIndex {
    /// Lists what is known about `name`; `None` when no index knows the name.
    ///
    /// # Errors
    /// When the question could not be answered; an unknown name is no error.
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError>;

    /// Reads the core metadata of a wheel. That of a source is [`PackageIndex::source`], and may have to be built.
    ///
    /// # Errors
    /// When the file cannot be had. Metadata that is there but unreadable is a [`CoreMetadata`] with a defect.
    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError>;

    /// Says what a source distribution, or the tree of a direct reference, states of itself without being run.
    ///
    /// # Errors
    /// When it cannot be had, or this index knows wheels only. Contents that nobody can read are a
    /// [`SourceFacts::defect`].
    fn source(&self, _name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        Err(IndexError::Unsupported {
            what: file.filename.to_string(),
            reason: "this index serves wheels only; use --providers wheel".to_owned(),
        })
    }

    /// Follows a direct reference, `requirement.name @ URL`.
    ///
    /// # Errors
    /// When there is nothing at the address, it is another package, or this index follows no references.
    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        Err(IndexError::Unsupported {
            what: requirement.to_string(),
            reason: "addresses are not followed here; ask for a version instead".to_owned(),
        })
    }

    /// Says what the nixpkgs in use has under a name; `None` when it has nothing.
    ///
    /// # Errors
    /// [`IndexError::NoNixpkgs`] when there is none for the target, [`IndexError::LeftOut`] when what it has does not count;
    /// others when Nix fails.
    fn nixpkgs(
        &self,
        _name: &PackageName,
        _target: Target,
    ) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        Err(IndexError::NoNixpkgs {
            reason: "what nixpkgs has is not known here; lock it with `mach-nix lock`".to_owned(),
        })
    }

    /// Says the digest and size of a file that was chosen.
    ///
    /// # Errors
    /// When the index announced no digest and the file cannot be had.
    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError>;

    /// The name of the snapshot that answers, where one does. It has wheels only, and of a project it may lack releases: a
    /// refusal must not say that there are no others.
    fn snapshot(&self) -> Option<&str> {
        None
    }

    /// A hint that `project` will be asked for these names; an index may begin to fetch them.
    fn expect_projects(&self, _names: &[PackageName]) {}

    /// A hint that `nixpkgs` will be asked for these names.
    fn expect_nixpkgs(&self, _names: &[PackageName], _target: Target) {}

    /// A hint that `metadata` will be asked for this file.
    fn expect_metadata(&self, _name: &PackageName, _file: &DistributionFile) {}

    /// A hint that `facts` will be asked for these files.
    fn expect_facts(&self, _files: &[DistributionFile]) {}
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn what_can_be_done_about_a_snapshot() {
        let text = |snapshot: &str| {
            IndexError::project_not_in_snapshot(snapshot, &"flask".parse().unwrap()).to_string()
        };
        let own = text("./my-own.snapshot");
        assert!(
            own.contains("`mach-nix index add ./my-own.snapshot flask`"),
            "{own}"
        );
        let stored = text("/nix/store/ycx2biz4vimv4d99h6w98zrwx2v2x4hm-common.snapshot");
        assert!(
            stored.starts_with(
                "the snapshot common.snapshot does not hold the project `flask`; make a lock file"
            ),
            "{stored}"
        );
    }
}
