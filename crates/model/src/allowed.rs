//! Hash-checking mode: which files are allowed.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::{Digest, Digests, Sha256};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::DistributionFile;

/// The files that may be used, by their content; by default all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AllowedHashes {
    /// The files of single packages.
    packages: BTreeMap<PackageName, BTreeSet<Digest>>,
    /// The other packages that may have any file; `None` where all may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    free: Option<BTreeSet<PackageName>>,
    /// Files that were read and have none of the allowed digests, by their addresses, with the digests that they have.
    #[serde(skip)]
    rejected: BTreeMap<Box<str>, Sha256>,
}

impl AllowedHashes {
    /// These files of these packages; other packages are not limited.
    #[must_use]
    pub fn of(packages: BTreeMap<PackageName, BTreeSet<Digest>>) -> Self {
        Self {
            packages,
            ..Self::default()
        }
    }

    /// These files, and no others, except for packages that are `free`: their content is pinned in another way.
    #[must_use]
    pub fn only(packages: BTreeMap<PackageName, BTreeSet<Digest>>, free: BTreeSet<PackageName>) -> Self {
        Self {
            packages,
            free: Some(free),
            ..Self::default()
        }
    }

    /// Whether there are files of this package that may not be used.
    #[must_use]
    pub fn is_limited(&self, name: &PackageName) -> bool {
        self.packages.contains_key(name) || self.free.as_ref().is_some_and(|free| !free.contains(name))
    }

    /// Whether a file may be used, as far as its announced digest tells. Without one, and where the allowed digests are of
    /// other algorithms, only the content tells: see [`Self::needs_content`].
    #[must_use]
    pub fn may_allow(&self, name: &PackageName, file: &DistributionFile) -> bool {
        !self.rejected.contains_key(&file.url) && self.may_allow_digest(name, file.hash.as_ref())
    }

    fn may_allow_digest(&self, name: &PackageName, announced: Option<&Sha256>) -> bool {
        match (self.packages.get(name), announced) {
            (None, _) => !self.is_limited(name),
            (Some(_), None) => true,
            (Some(hashes), Some(hash)) => hashes
                .iter()
                .any(|allowed| allowed.sha256().is_none_or(|allowed| allowed == *hash)),
        }
    }

    /// Whether the content of a file has to be read to know whether it may be used: it may be allowed by a digest that is not
    /// SHA-256.
    #[must_use]
    pub fn needs_content(&self, name: &PackageName, announced: Option<&Sha256>) -> bool {
        self.packages.get(name).is_some_and(|hashes| {
            let is_known = announced.is_some_and(|hash| hashes.contains(&Digest::Sha256(*hash)));
            !is_known && hashes.iter().any(|hash| hash.sha256().is_none())
        })
    }

    /// Whether a file with this content may be used.
    #[must_use]
    pub fn allows(&self, name: &PackageName, content: &Digests) -> bool {
        match self.packages.get(name) {
            Some(hashes) => hashes.iter().any(|hash| content.contains(hash)),
            None => !self.is_limited(name),
        }
    }

    /// Notes that a file, which has this digest, has none of the allowed ones.
    pub fn reject(&mut self, file: &DistributionFile, hash: Sha256) {
        self.rejected.insert(file.url.clone(), hash);
    }

    /// The digest of a file, as announced or as it was read.
    #[must_use]
    pub fn digest_of(&self, file: &DistributionFile) -> Option<Sha256> {
        file.hash.or_else(|| self.rejected.get(&file.url).copied())
    }

    /// Checks the file that was chosen; `hash` is its digest.
    ///
    /// # Errors
    /// A sentence with the remedy, when it may not be used.
    pub fn check(&self, name: &PackageName, file: &str, hash: &Sha256) -> Result<(), String> {
        if self.may_allow_digest(name, Some(hash)) {
            return Ok(());
        }
        Err(format!(
            "`{file}` is none of the files that the requirements allow for `{name}`: \
             add `--hash=sha256:{}` if you trust it",
            hash.to_hex()
        ))
    }
}
