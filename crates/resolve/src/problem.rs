//! The problem for the resolver.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use mach_nix_model::{CondaRequirement, PackageName, Policy, Requirement, Target, Version};
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

/// A requirement of the user for a conda package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CondaRoot {
    /// The requirement.
    pub requirement: CondaRequirement,
    /// Its location.
    pub origin: Origin,
}

/// Everything that decides a resolution for one target.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// The requirements of the user.
    pub requirements: &'a [RootRequirement],
    /// The requirements of the user for conda packages.
    pub conda: &'a [CondaRoot],
    /// Limits on versions of packages, which alone do not require them.
    pub constraints: &'a [RootRequirement],
    /// The target.
    pub target: Target,
    /// The rules for choosing versions and files.
    pub policy: &'a Policy,
    /// Preferred versions, if nothing excludes them: those of an existing lock, or of an earlier target.
    pub preferences: &'a BTreeMap<PackageName, Version>,
    /// The names of files of conda packages to stay with, in the same way.
    pub conda_preferences: &'a BTreeSet<String>,
}
