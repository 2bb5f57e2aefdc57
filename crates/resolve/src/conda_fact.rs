//! The facts of a refusal about conda packages.

use mach_nix_conda::CondaName;
use mach_nix_model::AnyName;
use serde::{Deserialize, Serialize};

use crate::problem::CondaRoot;

/// Something that is so about conda packages, independent of any choice. Records are texts like
/// `numpy 1.26.4 py312h_0 (conda-forge)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CondaFact {
    /// The user requires a conda package.
    Asked {
        /// The package, as the search knows it.
        package: AnyName,
        /// The requirement with its location.
        root: CondaRoot,
        /// What there is, where nothing satisfies the requirement.
        impossible: Option<CondaListed>,
    },
    /// The user requires something of the target that it is not.
    Property {
        /// The requirement with its location.
        root: CondaRoot,
        /// What the target has instead, as a sentence.
        state: String,
    },
    /// Conda packages depend on a package, or limit it.
    Needs {
        /// The package that depends.
        dependent: AnyName,
        /// Its records, best first.
        records: Vec<String>,
        /// The package that they depend on.
        package: AnyName,
        /// The match spec of the best of them; those of the others mean the same.
        spec: String,
        /// Whether it is a limit on a package that they do not need (`constrains`).
        is_limit: bool,
        /// What there is, where nothing satisfies the spec.
        impossible: Option<CondaListed>,
    },
    /// Records that would satisfy, but are unusable.
    NoneUsable {
        /// The package.
        package: CondaName,
        /// The records, best first, each with the reason.
        records: Vec<(String, String)>,
    },
}

/// What conda channels have under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CondaListed {
    /// No channel has the name.
    Unknown {
        /// The name.
        name: CondaName,
        /// The channels, in order.
        channels: Vec<String>,
    },
    /// All that the first channel with the name has is skipped.
    Skipped {
        /// The name.
        name: CondaName,
        /// The channel.
        channel: String,
        /// The files with the reasons.
        files: Vec<String>,
    },
    /// The first channel with the name has these.
    Records {
        /// The name.
        name: CondaName,
        /// The channel.
        channel: String,
        /// Versions with their builds, best first.
        records: Vec<String>,
    },
}
