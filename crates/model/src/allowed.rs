//! Hash-checking mode: which files are allowed.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::Sha256;
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

/// The files that may be used, by their content; by default all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AllowedHashes {
    packages: Option<BTreeMap<PackageName, BTreeSet<Sha256>>>,
}

impl AllowedHashes {
    /// These files, and no others: of a package that is not named, none.
    #[must_use]
    pub fn only(packages: BTreeMap<PackageName, BTreeSet<Sha256>>) -> Self {
        Self {
            packages: Some(packages),
        }
    }

    /// Whether there are files that may not be used.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.packages.is_some()
    }

    /// Whether a file may be used, as far as its announced digest tells: without one, that is seen when it was read.
    #[must_use]
    pub fn may_allow(&self, name: &PackageName, announced: Option<&Sha256>) -> bool {
        let Some(packages) = &self.packages else {
            return true;
        };
        packages
            .get(name)
            .is_some_and(|hashes| announced.is_none_or(|hash| hashes.contains(hash)))
    }

    /// Whether a file with this content may be used.
    ///
    /// # Errors
    /// A sentence with the remedy, when it may not.
    pub fn check(&self, name: &PackageName, file: &str, hash: &Sha256) -> Result<(), String> {
        if self.may_allow(name, Some(hash)) {
            return Ok(());
        }
        Err(format!(
            "`{file}` is none of the files that the requirements allow for `{name}`: \
             add `--hash=sha256:{}` if you trust it",
            hash.to_hex()
        ))
    }
}
