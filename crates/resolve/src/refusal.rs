//! A refusal as data.

use mach_nix_conda::CondaName;
use mach_nix_model::{AnyName, DateLimits, PackageName, Target};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::remedy::Remedy;

/// A contradiction between the requirements, or between them and the available packages.
///
/// A refusal is data: programs read its parts, and [`display`](Self::display) formats it for a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The target.
    pub target: Target,
    /// The date limits.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The subject of the headline.
    pub subject: Subject,
    /// The contradictory facts: the user's demands, then their dependencies from the top down, then missing packages.
    pub facts: Vec<Fact>,
    /// Alternative changes that may help, the most promising first.
    pub remedies: Vec<Remedy>,
}

/// The subject of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// An unknown package.
    Unknown {
        /// The package.
        package: PackageName,
        /// Whether only nixpkgs was queried.
        only_nixpkgs: bool,
    },
    /// A conda package that no channel has.
    UnknownToConda(CondaName),
    /// A package without a usable version.
    Unusable(PackageName),
    /// A package without a version that satisfies the demands.
    Impossible(PackageName),
    /// Demands that contradict each other.
    Contradiction {
        /// The packages that they meet on.
        packages: Vec<AnyName>,
        /// Whether constraints are among them.
        constrained: bool,
    },
}
