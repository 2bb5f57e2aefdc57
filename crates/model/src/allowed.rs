//! Hash-checking mode: the files that are allowed.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::{Digest, Digests, Sha256};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::DistributionFile;

/// The allowed files, by their digests; all files by default.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AllowedHashes {
    /// The allowed files of each limited package.
    packages: BTreeMap<PackageName, BTreeSet<Digest>>,
    /// The other packages, whose files are not limited; `None` if that is every other package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    free: Option<BTreeSet<PackageName>>,
    /// Files that were read and have none of the allowed digests: their URLs, with their digests.
    #[serde(skip)]
    rejected: BTreeMap<Box<str>, Sha256>,
}

impl AllowedHashes {
    /// Allows only these files of these packages; other packages are not limited.
    #[must_use]
    pub fn of(packages: BTreeMap<PackageName, BTreeSet<Digest>>) -> Self {
        Self {
            packages,
            ..Self::default()
        }
    }

    /// Allows only these files, and all files of the `free` packages, whose content is pinned in another way.
    #[must_use]
    pub fn only(packages: BTreeMap<PackageName, BTreeSet<Digest>>, free: BTreeSet<PackageName>) -> Self {
        Self {
            packages,
            free: Some(free),
            ..Self::default()
        }
    }

    /// Whether some files of this package are not allowed.
    #[must_use]
    pub fn is_limited(&self, name: &PackageName) -> bool {
        self.packages.contains_key(name) || self.free.as_ref().is_some_and(|free| !free.contains(name))
    }

    /// Whether a file may be allowed according to its announced digest. Without such a digest, or if the allowed
    /// digests use other algorithms, only the content decides: see [`Self::needs_content`].
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

    /// Whether the content of a file must be read to decide whether it is allowed: the file may be allowed by a digest
    /// other than SHA-256.
    #[must_use]
    pub fn needs_content(&self, name: &PackageName, announced: Option<&Sha256>) -> bool {
        self.packages.get(name).is_some_and(|hashes| {
            let is_known = announced.is_some_and(|hash| hashes.contains(&Digest::Sha256(*hash)));
            !is_known && hashes.iter().any(|hash| hash.sha256().is_none())
        })
    }

    /// Whether a file with this content is allowed.
    #[must_use]
    pub fn allows(&self, name: &PackageName, content: &Digests) -> bool {
        match self.packages.get(name) {
            Some(hashes) => hashes.iter().any(|hash| content.contains(hash)),
            None => !self.is_limited(name),
        }
    }

    /// Records the digest of a file that has none of the allowed digests.
    pub fn reject(&mut self, file: &DistributionFile, hash: Sha256) {
        self.rejected.insert(file.url.clone(), hash);
    }

    /// The digest of a file, as announced or as computed from its content.
    #[must_use]
    pub fn digest_of(&self, file: &DistributionFile) -> Option<Sha256> {
        file.hash.or_else(|| self.rejected.get(&file.url).copied())
    }

    /// Checks a chosen file with this digest.
    ///
    /// # Errors
    /// A message with the remedy, if the file is not allowed.
    pub fn check(&self, name: &PackageName, file: &str, hash: &Sha256) -> Result<(), String> {
        if self.may_allow_digest(name, Some(hash)) {
            return Ok(());
        }
        Err(format!(
            "`{file}` is not among the files that the requirements allow for `{name}`: \
             add `--hash=sha256:{}` if you trust it",
            hash.to_hex()
        ))
    }
}
