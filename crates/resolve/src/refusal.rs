//! A refusal as data.

use mach_nix_conda::CondaName;
use mach_nix_model::{AnyName, DateLimits, PackageName, Target};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::remedy::Remedy;

/// The requirements contradict each other or what the indexes have.
///
/// A refusal is data: programs read its parts, and [`display`](Self::display) puts it into words for a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The target.
    pub target: Target,
    /// The date limits.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The impossible thing, in short.
    pub subject: Subject,
    /// The facts that contradict each other: the demands of the user, then what these need, from the top down, then what
    /// is missing.
    pub facts: Vec<Fact>,
    /// Changes that may help, each alone; the most promising first.
    pub remedies: Vec<Remedy>,
}

/// The impossible thing that a refusal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A package that is unknown.
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
    /// A package without a version that satisfies.
    Impossible(PackageName),
    /// Demands that contradict each other.
    Contradiction {
        /// The packages that they meet on.
        packages: Vec<AnyName>,
        /// Whether constraints are among them.
        constrained: bool,
    },
}
