//! Requirements with their locations.

use mach_nix_hash::Digest;
use mach_nix_model::{Requirement, VersionOrUrl, VersionSpecifiers, promised_digest, specifier};

use crate::{Location, ManifestError};

/// A requirement with its location.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The requirement.
    pub requirement: Requirement,
    /// Where it is written.
    pub location: Location,
    /// The files that `--hash` allows; empty without `--hash`.
    pub hashes: Vec<Digest>,
    /// Whether another tool's lock pins it. Its hashes are for this package only, where one in a requirements file is a
    /// promise for everything.
    pub is_locked: bool,
}

/// A `requires-python`, with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiresPython {
    /// The Python versions.
    pub specifiers: VersionSpecifiers,
    /// Where it is written.
    pub location: Location,
}

impl Entry {
    /// The allowed files: those with a `--hash`, and the one that an address promises, as by `#sha256=…`. As in pip, an address
    /// alone does not make hashes be checked everywhere.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = Digest> {
        let promised = match &self.requirement.version_or_url {
            Some(VersionOrUrl::Url(url)) => promised_digest(url),
            _ => None,
        };
        self.hashes.iter().copied().chain(promised)
    }

    /// Whether it allows one version only.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        match &self.requirement.version_or_url {
            None => false,
            Some(VersionOrUrl::Url(_)) => true,
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => specifiers.iter().any(specifier::pins),
        }
    }

    /// An error about it.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.location.error(reason)
    }

    /// Checks that it can be a constraint, which cannot have extras.
    pub(crate) fn check_as_constraint(&self) -> Result<(), ManifestError> {
        match self.requirement.extras.first() {
            Some(extra) => Err(self.error(format!("a constraint cannot have extras: remove `[{extra}]`"))),
            None => Ok(()),
        }
    }
}
