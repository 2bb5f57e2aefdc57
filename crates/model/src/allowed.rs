//! Hash-checking mode: which files are allowed.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::Sha256;
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

/// The files that may be used, by their content; by default all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AllowedHashes {
    /// The files of single packages.
    packages: BTreeMap<PackageName, BTreeSet<Sha256>>,
    /// The other packages that may have any file; `None` where all may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    free: Option<BTreeSet<PackageName>>,
}

impl AllowedHashes {
    /// These files of these packages; other packages are not limited.
    #[must_use]
    pub fn of(packages: BTreeMap<PackageName, BTreeSet<Sha256>>) -> Self {
        Self { packages, free: None }
    }

    /// These files, and no others, except for packages that are `free`: their content is pinned in another way.
    #[must_use]
    pub fn only(packages: BTreeMap<PackageName, BTreeSet<Sha256>>, free: BTreeSet<PackageName>) -> Self {
        Self {
            packages,
            free: Some(free),
        }
    }

    /// Whether there are files of this package that may not be used.
    #[must_use]
    pub fn is_limited(&self, name: &PackageName) -> bool {
        self.packages.contains_key(name) || self.free.as_ref().is_some_and(|free| !free.contains(name))
    }

    /// Whether a file may be used, as far as its announced digest tells: without one, that is seen when it was read.
    #[must_use]
    pub fn may_allow(&self, name: &PackageName, announced: Option<&Sha256>) -> bool {
        match self.packages.get(name) {
            Some(hashes) => announced.is_none_or(|hash| hashes.contains(hash)),
            None => !self.is_limited(name),
        }
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
