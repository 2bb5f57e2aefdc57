//! The format of version 1.

use std::collections::BTreeMap;

use mach_nix_conda::{Channel, VirtualPackage};
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
    /// The project of the requirements, if it can be built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<LockedProject>,
    /// The parts of the project, where the lock is for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<LockedParts>,
}

/// A project whose requirements are locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedProject {
    /// The build environment; packages for only some of the targets record theirs themselves.
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
    /// Provider lists: `_default`, and one per package with its own.
    #[serde(with = "crate::provider_lists")]
    pub providers: Providers,
    /// The URLs of the indexes, without credentials, in order.
    pub indexes: Vec<String>,
    /// The pinned indexes of packages.
    #[serde(rename = "bound", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pinned_indexes: BTreeMap<PackageName, PinnedIndex>,
    /// Folders relative to that of the lock, and pages of links, whose files are candidates next to those of the
    /// indexes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub find_links: Vec<String>,
    /// The date limits: `excludeNewer`, the instant from which on files were skipped; `excludeNewerSpan`, the duration
    /// that it was derived from; `excludeNewerPackage`, the limits of individual packages.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
    /// The conda channels, in order of preference: names and addresses, or folders relative to that of the lock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conda_channels: Vec<Channel>,
    /// Virtual packages that were stated: versions, with ` BUILD` where the build string is not `0`.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        with = "crate::virtual_packages"
    )]
    pub virtual_packages: Vec<VirtualPackage>,
    /// The environment variables of shells, which an environment file states.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// A Python version on a Nix system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LockedTarget {
    /// `3.11`, or `3.11.7` if the request has a patch number.
    pub python: PythonVersion,
    /// The name of the system in Nix: `x86_64-linux`.
    pub system: NixSystem,
    /// The virtual packages that conda packages of this target depend on, as in the request.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        with = "crate::virtual_packages"
    )]
    pub virtual_packages: Vec<VirtualPackage>,
}

impl LockedTarget {
    /// Whether this is the target: what conda packages depend on is not a part of it.
    #[must_use]
    pub fn is(&self, target: Target) -> bool {
        (self.python, self.system) == (target.python, target.system)
    }
}

impl From<Target> for LockedTarget {
    fn from(target: Target) -> Self {
        Self {
            python: target.python,
            system: target.system,
            virtual_packages: Vec::new(),
        }
    }
}

impl Lock {
    /// Parses a lock file.
    ///
    /// # Errors
    /// If the text is not a valid lock, or has a newer format.
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
        let value = serde_json::from_str(text).map_err(malformed)?;
        match crate::valid::problem(&value) {
            None => lock.checked(),
            Some(problem) => Err(LockError::NotValid(problem)),
        }
    }

    /// Checks that every entry has existing targets: locks may be written by other tools and by hand.
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

    /// Formats the lock file: equal values give equal bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a lock has string keys only");
        text.push('\n');
        text
    }
}

/// Removes the position, which `serde_json` repeats in its message.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ")
        .map_or(text.clone(), |(reason, _)| reason.to_owned())
}
