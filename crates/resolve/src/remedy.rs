//! Remedies of a refusal.

use mach_nix_hash::Sha256;
use mach_nix_model::{PackageName, Provider, ProviderPreference, Timestamp, Version};
use mach_nix_tags::{NixSystem, PythonVersion};
use serde::{Deserialize, Serialize};

use crate::problem::RootRequirement;

/// A change of the request that may help, as far as a trial can tell (docs/decisions/0035).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// Requires exactly this version.
    Pin {
        /// The package.
        package: PackageName,
        /// The version.
        version: Version,
        /// The relation to the versions that are required now.
        reason: PinReason,
        /// The result of the trial.
        evidence: Evidence,
    },
    /// Another Python for the target.
    Python {
        /// The Python.
        python: PythonVersion,
        /// The version that has a file for it.
        version: Version,
        /// The kind of that file.
        kind: Provider,
    },
    /// Another system for the target.
    System {
        /// The system.
        system: NixSystem,
        /// The version that has a file for it.
        version: Version,
        /// The kind of that file.
        kind: Provider,
    },
    /// Another provider list for a package.
    Providers {
        /// The package.
        package: PackageName,
        /// The list.
        providers: ProviderPreference,
        /// The gain of the list.
        gain: ProviderGain,
    },
    /// Allows pre-releases.
    Prereleases,
    /// A later date limit.
    ExcludeNewer {
        /// The limit.
        limit: Timestamp,
        /// The package, if it has its own limit.
        package: Option<PackageName>,
    },
    /// Allows a file by its hash.
    Hash {
        /// The package.
        package: PackageName,
        /// The version.
        version: Version,
        /// The digest announced by the index.
        digest: Sha256,
    },
    /// Adds a marker to a requirement, for a package of other operating systems.
    Marker {
        /// The requirement that leads to the package.
        root: RootRequirement,
        /// The package.
        package: PackageName,
        /// The operating systems of the package.
        systems: OtherSystems,
    },
    /// Changes a demand to allow another version.
    Loosen {
        /// The demand.
        demand: Demand,
        /// The version that is compatible with the rest.
        version: Version,
        /// The packages whose sources must build. Trials build nothing.
        sources: Vec<PackageName>,
    },
    /// Changes the only requirement, without which there is nothing to lock.
    Replace(Demand),
    /// Loosens or removes one of the demands.
    Drop {
        /// The demands.
        demands: Vec<Demand>,
        /// Whether that suffices, or other contradictions remain.
        is_enough: bool,
    },
    /// Another spelling of an unknown name.
    Spelling(PackageName),
    /// Adds another index that has the name.
    Index {
        /// Whether the user wrote the name.
        is_own: bool,
    },
    /// Uses the index itself instead of a snapshot, which contains less.
    NoSnapshot,
}

/// The relation of a pinned version to the versions that are required now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinReason {
    /// The required versions do not exist; this one does.
    Exists,
    /// The required versions are unusable, and this one is newer.
    Newer,
    /// The required versions are unusable, and this one is older.
    Older,
    /// A yanked version may be used if it is pinned.
    Withdrawn,
}

/// The result of a trial that did not refute a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// All requirements are met, if these sources can be built. Trials build nothing.
    Met(Vec<PackageName>),
    /// The trial ended without a result.
    Unknown,
}

/// The gain of another provider list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderGain {
    /// The source distribution.
    Sdist,
    /// The wheel.
    Wheel,
    /// The package index, with the version chosen from it if the trial found one.
    Index(Option<Version>),
}

/// The operating systems of a package that does not support that of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OtherSystems {
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// Linux.
    Linux,
    /// All but macOS.
    NotMacOs,
    /// All but Linux.
    NotLinux,
}

impl OtherSystems {
    /// The marker for these systems.
    #[must_use]
    pub fn marker(self) -> &'static str {
        match self {
            Self::Windows => "sys_platform == 'win32'",
            Self::MacOs => "sys_platform == 'darwin'",
            Self::Linux => "sys_platform == 'linux'",
            Self::NotMacOs => "sys_platform != 'darwin'",
            Self::NotLinux => "sys_platform != 'linux'",
        }
    }
}

/// A requirement or constraint of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The requirement with its location.
    pub root: RootRequirement,
    /// Whether it is a constraint.
    pub is_constraint: bool,
}
