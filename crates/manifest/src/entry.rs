//! Requirements with their locations.

use mach_nix_hash::Digest;
use mach_nix_model::{Requirement, VersionOrUrl, VersionSpecifiers, promised_digest, specifier};

use crate::{Location, ManifestError};

/// A requirement with its location.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The requirement.
    pub requirement: Requirement,
    /// The location.
    pub location: Location,
    /// The digests of `--hash`; empty without it.
    pub hashes: Vec<Digest>,
    /// Whether another tool's lock pins the requirement. Such hashes apply only to this package, whereas a hash in a
    /// requirements file enables the check for all packages.
    pub is_locked: bool,
}

/// A `requires-python` with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiresPython {
    /// The Python versions.
    pub specifiers: VersionSpecifiers,
    /// The location.
    pub location: Location,
}

impl Entry {
    /// The allowed digests: those of `--hash`, and the one in an address, as in `#sha256=…`. As in pip, a digest in an
    /// address alone does not enable hash-checking mode.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = Digest> {
        let promised = match &self.requirement.version_or_url {
            Some(VersionOrUrl::Url(url)) => promised_digest(url),
            _ => None,
        };
        self.hashes.iter().copied().chain(promised)
    }

    /// Whether it allows a single version.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        match &self.requirement.version_or_url {
            None => false,
            Some(VersionOrUrl::Url(_)) => true,
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => specifiers.iter().any(specifier::pins),
        }
    }

    /// An error at this requirement.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.location.error(reason)
    }

    /// Checks that the requirement can be a constraint, which cannot have extras.
    pub(crate) fn check_as_constraint(&self) -> Result<(), ManifestError> {
        match self.requirement.extras.first() {
            Some(extra) => Err(self.error(format!("a constraint cannot have extras: remove `[{extra}]`"))),
            None => Ok(()),
        }
    }
}
