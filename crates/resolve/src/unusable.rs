//! Reasons why a release is not usable.

use std::fmt;

use mach_nix_model::Version;
use serde::{Deserialize, Serialize};

/// The reason why a release is not usable, that of its closest file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unusable {
    /// The provider does not have this version, which another provider has.
    Absent,
    /// The provider has no file of this release: it has source distributions only, or wheels only.
    NoFile,
    /// Every file was uploaded too late, or at an unknown time while a date limit applies.
    TooNew,
    /// No wheel is compatible with the target.
    Tags,
    /// The files are for other Python versions.
    Python(String),
    /// No file has an allowed hash.
    Hash,
    /// The files were yanked, for this reason.
    Yanked(String),
    /// A pre-release that was not requested.
    Prerelease,
    /// A conda package that is not for the target, or too new.
    Conda(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("another provider's"),
            Self::TooNew => f.write_str("uploaded after the date limit"),
            Self::NoFile => f.write_str("no file of a kind that can be used"),
            Self::Tags => f.write_str("no wheel for this Python and system"),
            Self::Python(demand) => write!(f, "needs Python {demand}"),
            Self::Hash => f.write_str("none of its files has a hash that the requirements allow"),
            Self::Yanked(reason) if reason.is_empty() => f.write_str("yanked"),
            Self::Yanked(reason) => write!(f, "yanked: {reason}"),
            Self::Prerelease => f.write_str("a pre-release"),
            Self::Conda(reason) => f.write_str(reason),
        }
    }
}

/// Versions that are unusable for the same kind of reason.
pub struct Group<'a> {
    /// The reason of the newest version.
    pub reason: &'a Unusable,
    /// The versions, ascending.
    pub versions: Vec<Version>,
    /// Whether the reasons of all versions are equal.
    pub uniform: bool,
}

/// Groups versions by the kind of reason why they are not usable, the group of the newest version first. Each version
/// occurs once, with its closest reason.
pub fn by_reason(versions: &[(Version, Unusable)]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (at, (version, reason)) in versions.iter().enumerate() {
        // Ascending, so that the last reason of a version is the greatest.
        if versions.get(at + 1).is_some_and(|(next, _)| next == version) {
            continue;
        }
        let kind = std::mem::discriminant(reason);
        let known = groups
            .iter_mut()
            .find(|group| std::mem::discriminant(group.reason) == kind);
        if let Some(group) = known {
            group.uniform &= group.reason == reason;
            group.reason = reason;
            group.versions.push(version.clone());
        } else {
            groups.push(Group {
                reason,
                versions: vec![version.clone()],
                uniform: true,
            });
        }
    }
    groups.sort_by(|a, b| b.versions.last().cmp(&a.versions.last()));
    // A pre-release is irrelevant if newer versions exist.
    let mut at = 0;
    groups.retain(|group| {
        at += 1;
        at == 1 || *group.reason != Unusable::Prerelease
    });
    groups
}
