//! Names and versions of packages of both namespaces: Python projects, and conda packages that are none.

use std::fmt;
use std::str::FromStr;

use mach_nix_conda::{CondaName, CondaVersion};
use pep440_rs::Version;
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize, Serializer};

/// What precedes the name of a conda package.
const CONDA: &str = "conda:";

/// The name of a Python project, or of a conda package that is none.
///
/// ```
/// use mach_nix_model::AnyName;
///
/// let project: AnyName = "Flask".parse()?;
/// let conda: AnyName = "conda:_libgcc_mutex".parse()?;
/// assert_eq!([project.to_string(), conda.to_string()], ["flask", "conda:_libgcc_mutex"]);
/// assert!(project.project().is_some() && conda.conda().is_some());
/// # Ok::<(), mach_nix_model::AnyNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AnyName {
    /// A Python project, whoever packaged it.
    Project(PackageName),
    /// A conda package that is not a Python project.
    Conda(CondaName),
}

/// A text that is neither the name of a Python project nor that of a conda package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not the name of a package", .0.escape_debug())]
pub struct AnyNameError(String);

impl AnyName {
    /// The Python project.
    #[must_use]
    pub fn project(&self) -> Option<&PackageName> {
        match self {
            Self::Project(name) => Some(name),
            Self::Conda(_) => None,
        }
    }

    /// The conda package that is not a Python project.
    #[must_use]
    pub fn conda(&self) -> Option<&CondaName> {
        match self {
            Self::Conda(name) => Some(name),
            Self::Project(_) => None,
        }
    }

    /// The order of texts, in which `conda:` is a part of the name.
    fn key(&self) -> (&str, &str) {
        match self {
            Self::Project(name) => (name.as_ref(), ""),
            Self::Conda(name) => (CONDA, name.as_str()),
        }
    }
}

impl Ord for AnyName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for AnyName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl From<PackageName> for AnyName {
    fn from(name: PackageName) -> Self {
        Self::Project(name)
    }
}

impl From<CondaName> for AnyName {
    fn from(name: CondaName) -> Self {
        Self::Conda(name)
    }
}

impl fmt::Display for AnyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project(name) => f.pad(name.as_ref()),
            Self::Conda(name) => f.pad(&format!("{CONDA}{name}")),
        }
    }
}

impl FromStr for AnyName {
    type Err = AnyNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || AnyNameError(text.chars().take(128).collect());
        match text.strip_prefix(CONDA) {
            Some(name) => name.parse().map(Self::Conda).map_err(|_| error()),
            None => text.parse().map(Self::Project).map_err(|_| error()),
        }
    }
}

impl TryFrom<String> for AnyName {
    type Error = AnyNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AnyName> for String {
    fn from(name: AnyName) -> Self {
        name.to_string()
    }
}

/// The version of a package: that of a conda package as its channel writes it, any other in the normal form of PEP 440.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyVersion {
    /// As PEP 440 has it.
    Python(Version),
    /// As a channel has it.
    Conda(CondaVersion),
}

impl AnyVersion {
    /// The version as PEP 440 has it, if it is one.
    #[must_use]
    pub fn python(&self) -> Option<Version> {
        match self {
            Self::Python(version) => Some(version.clone()),
            Self::Conda(version) => version.as_str().parse().ok(),
        }
    }
}

impl Serialize for AnyVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Version> for AnyVersion {
    fn from(version: Version) -> Self {
        Self::Python(version)
    }
}

impl fmt::Display for AnyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Python(version) => version.fmt(f),
            Self::Conda(version) => version.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn names_are_ordered_as_texts() {
        let mut names: Vec<AnyName> = ["zlib", "conda:zlib", "attrs", "conda:_mutex", "cycler"]
            .map(|text| text.parse().unwrap())
            .into();
        names.sort();
        let texts: Vec<String> = names.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["attrs", "conda:_mutex", "conda:zlib", "cycler", "zlib"]);
    }

    #[test]
    fn neither_namespace_has_the_other_ones_names() {
        assert!("_libgcc_mutex".parse::<AnyName>().is_err());
        assert!("conda:".parse::<AnyName>().is_err());
        assert_ne!(
            "zlib".parse::<AnyName>().unwrap(),
            "conda:zlib".parse::<AnyName>().unwrap()
        );
    }
}
