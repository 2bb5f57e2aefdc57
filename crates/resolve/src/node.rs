//! The nodes of the dependency graph.

use std::fmt;

use mach_nix_model::{ExtraName, PackageName};

/// A node, for which PubGrub chooses a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The user's requirements, with a single version.
    Root,
    /// A package.
    Package(PackageName),
    /// A package with an extra: it depends on the package in the same version, and on the extra's dependencies.
    Extra(PackageName, ExtraName),
}

impl Node {
    /// The package of the node.
    pub fn name(&self) -> Option<&PackageName> {
        match self {
            Self::Root => None,
            Self::Package(name) | Self::Extra(name, _) => Some(name),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the requirements"),
            Self::Package(name) => name.fmt(f),
            Self::Extra(name, extra) => write!(f, "{name}[{extra}]"),
        }
    }
}
