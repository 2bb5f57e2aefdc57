//! The problem for the resolver.

use std::collections::BTreeMap;
use std::fmt;

use mach_nix_model::{PackageName, Policy, Requirement, Target, Version};
use serde::{Deserialize, Serialize};

/// The location of a requirement of the user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// On the command line.
    CommandLine,
    /// In a file.
    File {
        /// The path as given by the user.
        path: String,
        /// The one-based line.
        line: usize,
    },
    /// In the dynamic metadata of the project of this file, as given by the user.
    DynamicMetadata(String),
    /// In the build requirements of a source.
    Build(PackageName),
    /// In several locations, with the same text.
    Several(Vec<Origin>),
}

impl Origin {
    /// Adds another location.
    pub fn add(&mut self, other: Self) {
        match self {
            Self::Several(places) if places.contains(&other) => {}
            Self::Several(places) => places.push(other),
            one if *one == other => {}
            one => *one = Self::Several(vec![one.clone(), other]),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("the command line"),
            Self::File { path, line } => write!(f, "{path}, line {line}"),
            Self::DynamicMetadata(file) => write!(f, "the build of the project of {file}"),
            Self::Build(package) => write!(f, "the build requirements of {package}"),
            Self::Several(places) => {
                let places: Vec<String> = places.iter().map(ToString::to_string).collect();
                f.write_str(&places.join("; "))
            }
        }
    }
}

/// A requirement of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootRequirement {
    /// The requirement.
    pub requirement: Requirement,
    /// The location.
    pub origin: Origin,
}

/// The complete input of a resolution for one target.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// The requirements of the user.
    pub requirements: &'a [RootRequirement],
    /// Limits on versions of packages, which are not required by themselves.
    pub constraints: &'a [RootRequirement],
    /// The target.
    pub target: Target,
    /// The rules for choosing versions and files.
    pub policy: &'a Policy,
    /// Preferred versions, if nothing excludes them: those of an existing lock, or of an earlier target.
    pub preferences: &'a BTreeMap<PackageName, Version>,
}
