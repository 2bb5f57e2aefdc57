//! The format of version 1.

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{DateLimits, PackageName, PinnedIndex, Prerelease, Providers, Target};
use mach_nix_tags::{NixSystem, PythonVersion};
use serde::{Deserialize, Serialize};

use crate::error::{LockError, VERSION};
use crate::{LockedBuild, LockedPackage, LockedParts};

/// The lock: the request, and the chosen packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The version of the format.
    pub version: u32,
    /// The request.
    pub request: LockedRequest,
    /// The targets, in the order of the request; never empty.
    pub targets: Vec<LockedTarget>,
    /// The chosen packages, sorted by name, version and file.
    pub packages: Vec<LockedPackage>,
    /// The project that the requirements were read from, where it can be built itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<LockedProject>,
    /// The parts of the project, where the lock is for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<LockedParts>,
}

/// A project whose requirements are locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedProject {
    /// Its build environment; packages that are not for all targets name theirs.
    pub build: LockedBuild,
}

/// The request: requirements, providers and date limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockedRequest {
    /// The requirements in the normal form of the digest, sorted: see [`requirement_lines`](crate::requirement_lines).
    pub requirements: Vec<String>,
    /// The digest of the requirement lines: see [`requirements_digest`](crate::requirements_digest).
    pub digest: Sha256,
    /// Provider lists: `_default`, and one per package that has its own.
    #[serde(with = "crate::provider_lists")]
    pub providers: Providers,
    /// The addresses of the indexes, without credentials, in order.
    pub indexes: Vec<String>,
    /// The pinned indexes of packages.
    #[serde(rename = "bound", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned_indexes: BTreeMap<PackageName, PinnedIndex>,
    /// Folders relative to that of the lock and pages of links whose files counted next to those of the indexes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub find_links: Vec<String>,
    /// The date limits: `excludeNewer`, the instant from which on files were skipped; `excludeNewerSpan`, the duration that it
    /// was computed from; `excludeNewerPackage`, the limits of single packages.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
}

/// A Python version on a Nix system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedTarget {
    /// `3.11`, or `3.11.7` where the request has a patch number.
    pub python: PythonVersion,
    /// As Nix names it: `x86_64-linux`.
    pub system: NixSystem,
}

impl From<Target> for LockedTarget {
    fn from(target: Target) -> Self {
        Self {
            python: target.python,
            system: target.system,
        }
    }
}

impl Lock {
    /// Reads a lock file.
    ///
    /// # Errors
    /// When the text is not a lock, or one of a newer format.
    pub fn from_json(text: &str) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Head {
            version: u64,
        }
        let malformed = |error: serde_json::Error| LockError::Malformed {
            line: error.line(),
            column: error.column(),
            reason: without_position(&error),
        };
        let head: Head = serde_json::from_str(text).map_err(malformed)?;
        if head.version > u64::from(VERSION) {
            return Err(LockError::NewerVersion { found: head.version });
        }
        let lock: Self = serde_json::from_str(text).map_err(malformed)?;
        lock.checked()
    }

    /// Other tools and hands write locks too; after this, every entry serves targets that exist.
    fn checked(self) -> Result<Self, LockError> {
        let count = self.targets.len();
        for package in &self.packages {
            let Some(served) = &package.targets else { continue };
            let wrong = match served.iter().find(|target| **target >= count) {
                Some(target) => target.to_string(),
                None if served.is_empty() => "none".to_owned(),
                None => continue,
            };
            return Err(LockError::NoSuchTarget {
                package: package.name.clone(),
                target: wrong,
                targets: count,
            });
        }
        Ok(self)
    }

    /// Writes the lock file: the same bytes for the same value.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a lock has string keys only");
        text.push('\n');
        text
    }
}

/// `serde_json` repeats the position in its text.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ")
        .map_or(text.clone(), |(reason, _)| reason.to_owned())
}
