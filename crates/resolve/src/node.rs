//! The nodes of the dependency graph.

use std::fmt;

use mach_nix_model::{ExtraName, PackageName};

/// What PubGrub chooses versions for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The user's requirements, in the only version there is.
    Root,
    /// A package.
    Package(PackageName),
    /// A package with an extra: it depends on the package in the same version, and on what the extra adds.
    Extra(PackageName, ExtraName),
}

impl Node {
    /// The package this node is about.
    pub fn name(&self) -> Option<&PackageName> {
        match self {
            Self::Root => None,
            Self::Package(name) | Self::Extra(name, _) => Some(name),
        }
    }

    /// The extra, where this node is one.
    pub fn extra(&self) -> Option<&ExtraName> {
        match self {
            Self::Extra(_, extra) => Some(extra),
            Self::Root | Self::Package(_) => None,
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
