//! The nodes of the dependency graph.

use std::fmt;

use mach_nix_conda::CondaName;
use mach_nix_model::{AnyName, ExtraName, PackageName};

/// A node, for which PubGrub chooses a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The user's requirements, with a single version.
    Root,
    /// A package.
    Package(PackageName),
    /// A package with an extra: it depends on the package in the same version, and on the extra's dependencies.
    Extra(PackageName, ExtraName),
    /// A conda package that is not a Python project.
    Conda(CondaName),
}

impl Node {
    /// The Python project this node is about.
    pub fn name(&self) -> Option<&PackageName> {
        match self {
            Self::Root | Self::Conda(_) => None,
            Self::Package(name) | Self::Extra(name, _) => Some(name),
        }
    }

    /// The extra, where this node is one.
    pub fn extra(&self) -> Option<&ExtraName> {
        match self {
            Self::Extra(_, extra) => Some(extra),
            _ => None,
        }
    }
}

impl Node {
    /// The conda package this node is about.
    pub fn conda(&self) -> Option<&CondaName> {
        match self {
            Self::Conda(name) => Some(name),
            _ => None,
        }
    }

    /// The package this node is about.
    pub fn any_name(&self) -> Option<AnyName> {
        match self {
            Self::Root => None,
            Self::Package(name) | Self::Extra(name, _) => Some(AnyName::Project(name.clone())),
            Self::Conda(name) => Some(AnyName::Conda(name.clone())),
        }
    }

    /// The node of the package: of an extra, that of its project.
    pub fn package(&self) -> Self {
        match self {
            Self::Extra(name, _) => Self::Package(name.clone()),
            other => other.clone(),
        }
    }

    /// Whether this node and another one are about the same package.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        (self.name(), self.conda()) == (other.name(), other.conda())
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the requirements"),
            Self::Package(name) => name.fmt(f),
            Self::Extra(name, extra) => write!(f, "{name}[{extra}]"),
            Self::Conda(name) => write!(f, "conda:{name}"),
        }
    }
}
