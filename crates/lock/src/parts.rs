//! The parts of a project: its dependencies, its extras and its groups.
//!
//! A lock of all parts serves any selection of them: `nixlib/lock/subset.nix` follows the edges from what the selected parts
//! require ([`LockedParts`]) over what each package and each of its extras needs
//! ([`LockedPackage::needs`](crate::LockedPackage::needs)).

use std::collections::BTreeMap;

use std::fmt::Display;

use mach_nix_model::ExtraName;
use serde::{Deserialize, Serialize};

/// The parts of a project, each with what it requires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedParts {
    /// The dependencies of the project itself.
    pub project: Vec<LockedRoot>,
    /// The extras, with what each adds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: BTreeMap<ExtraName, Vec<LockedRoot>>,
    /// The dependency groups, with what each adds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<ExtraName, Vec<LockedRoot>>,
}

/// What a part requires: a [`node`], perhaps for some targets only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LockedRoot {
    /// For all targets of the lock.
    Always(String),
    /// For these targets, as indices into [`Lock::targets`](crate::Lock::targets).
    Sometimes {
        /// The node.
        node: String,
        /// The targets.
        targets: Vec<usize>,
    },
}

/// The name of a node of the dependency graph: `flask` for the package itself, `flask[async]` for its extra.
#[must_use]
pub fn node(name: &impl Display, extra: Option<&ExtraName>) -> String {
    match extra {
        Some(extra) => format!("{name}[{extra}]"),
        None => name.to_string(),
    }
}
