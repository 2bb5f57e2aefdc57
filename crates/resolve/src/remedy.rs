//! Remedies of a refusal.

use mach_nix_hash::Sha256;
use mach_nix_model::{PackageName, Provider, ProviderPreference, Timestamp, Version};
use mach_nix_tags::{NixSystem, PythonVersion};
use serde::{Deserialize, Serialize};

use crate::problem::RootRequirement;

/// A change of the request that may help. Each was tried, as far as a trial goes (docs/decisions/0035).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// A requirement on exactly this version.
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
        /// What the list adds.
        gain: ProviderGain,
    },
    /// Pre-releases are allowed.
    Prereleases,
    /// A later date limit.
    ExcludeNewer {
        /// The limit.
        limit: Timestamp,
        /// The package, if it has a limit of its own.
        package: Option<PackageName>,
    },
    /// An allowed hash for a file.
    Hash {
        /// The package.
        package: PackageName,
        /// The version.
        version: Version,
        /// The digest that the index announces.
        digest: Sha256,
    },
    /// A marker on a requirement, for a package of other operating systems.
    Marker {
        /// The requirement that leads to the package.
        root: RootRequirement,
        /// The package.
        package: PackageName,
        /// The operating systems of the package.
        systems: OtherSystems,
    },
    /// A demand that allows another version.
    Loosen {
        /// The demand.
        demand: Demand,
        /// The version that goes with the rest.
        version: Version,
        /// The packages whose sources have to build. A trial builds none.
        sources: Vec<PackageName>,
    },
    /// The only requirement is changed: without it, there is nothing to lock.
    Replace(Demand),
    /// One of the demands is loosened or dropped.
    Drop {
        /// The demands.
        demands: Vec<Demand>,
        /// Whether that is enough, or other contradictions remain.
        is_enough: bool,
    },
    /// Another spelling of an unknown name.
    Spelling(PackageName),
    /// Another index that knows the name.
    Index {
        /// Whether the user wrote the name.
        is_own: bool,
    },
    /// The index itself instead of a snapshot, which holds less.
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
    /// A withdrawn version may be used where it is pinned.
    Withdrawn,
}

/// The result of a trial that did not refute a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// All requirements are met, if these sources can be built. A trial builds none.
    Met(Vec<PackageName>),
    /// The trial ended without a result.
    Unknown,
}

/// What another provider list adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderGain {
    /// The source distribution.
    Sdist,
    /// The wheel.
    Wheel,
    /// The package index, with the version that is chosen from it where the trial gave one.
    Index(Option<Version>),
}

/// Operating systems that a package is for, none of which is that of the target.
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
    /// The marker that holds there.
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
