//! The facts of a refusal.

use mach_nix_model::{ExtraName, PackageName, ProviderPreference, Requirement, Timestamp, Version};
use serde::{Deserialize, Serialize};

use crate::conda_fact::CondaFact;
use crate::problem::RootRequirement;
use crate::unusable::Unusable;

/// A leaf of PubGrub's derivation: a truth that is independent of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// The user requires a package.
    Asked {
        /// The package.
        package: PackageName,
        /// The requirements with their locations.
        requirements: Vec<RootRequirement>,
        /// The releases, if no release satisfies the requirements together.
        impossible: Option<Listed>,
    },
    /// The user's constraints exclude otherwise suitable versions.
    Constrained {
        /// The constrained package.
        package: PackageName,
        /// The constraints with their locations.
        constraints: Vec<RootRequirement>,
    },
    /// Versions of a package depend on another package.
    Needs {
        /// The dependent.
        dependent: PackageName,
        /// The extra that adds the dependency.
        extra: Option<ExtraName>,
        /// The dependent's versions, ascending.
        versions: Vec<Version>,
        /// The dependency.
        package: PackageName,
        /// The requirements of the newest version; those of the others are equivalent.
        requirements: Vec<Requirement>,
    },
    /// No index has the name.
    Unknown {
        /// The name.
        package: PackageName,
        /// Whether only nixpkgs was queried.
        only_nixpkgs: bool,
    },
    /// All versions that satisfy the demands are unusable.
    NoneUsable {
        /// The package.
        package: PackageName,
        /// The versions, ascending, with their reasons; empty if no version satisfies the demands.
        versions: Vec<(Version, Unusable)>,
        /// The files of the newest version of each kind of reason.
        files: Vec<(Version, ReleaseFiles)>,
        /// The provider list of the package.
        providers: ProviderPreference,
        /// The releases of the project, if the index lists it without any file.
        listed: Option<Listed>,
    },
    /// The version in nixpkgs, which does not satisfy the demands.
    InNixpkgs {
        /// The package.
        package: PackageName,
        /// The version; `None` if nixpkgs does not have the package.
        version: Option<Version>,
        /// Whether only nixpkgs was queried.
        only_nixpkgs: bool,
    },
    /// Nixpkgs was not queried, or its package is skipped.
    NotInNixpkgs {
        /// The reason, as a sentence.
        reason: String,
    },
    /// Versions whose metadata makes them unusable.
    Broken {
        /// The package.
        package: PackageName,
        /// The versions, ascending.
        versions: Vec<Version>,
        /// The reason.
        reason: String,
    },
    /// About conda packages.
    Conda(Box<CondaFact>),
}

/// The releases that an index lists for a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Listed {
    /// Releases of an index.
    Versions(Vec<Version>),
    /// Releases in a snapshot, which may be incomplete.
    InSnapshot(Vec<Version>),
    /// Only a version in nixpkgs.
    InNixpkgs,
    /// No release.
    NoRelease {
        /// The index.
        index: String,
        /// The names of files that are neither a wheel nor a source distribution of the project.
        skipped: Vec<String>,
    },
}

/// A summary of the files of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFiles {
    /// The Python tags of its wheels.
    pub pythons: Vec<String>,
    /// The platform tags of its wheels.
    pub platforms: Vec<String>,
    /// Whether it has a source distribution.
    pub has_sdist: bool,
    /// The time of the first upload, if the index lists it.
    pub uploaded: Option<Timestamp>,
}

impl ReleaseFiles {
    /// Whether it has a wheel.
    #[must_use]
    pub fn has_wheel(&self) -> bool {
        !self.pythons.is_empty()
    }
}
