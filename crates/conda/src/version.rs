//! Versions of conda packages ([CEP 33](https://conda.org/learn/ceps/cep-0033/)).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use rattler_conda_types::Version;

/// Maximum length of a version. The longest real one has some 60 characters.
const MAX_LENGTH: usize = 256;

/// The version of a conda package, with the text that it was written as.
///
/// Versions are equal if they mean the same: `1.0` and `1` are.
///
/// ```
/// use mach_nix_conda::CondaVersion;
///
/// let version = |text: &str| text.parse::<CondaVersion>();
/// assert!(version("1.0.1a")? < version("1.0.1rc1")?);
/// // Letters precede numbers, so a release with a letter precedes that without one.
/// assert!(version("1.1.1a")? < version("1.1.1")?);
/// assert_eq!(version("1.0")?, version("1")?);
/// assert_eq!(version("1.0")?.to_string(), "1.0");
/// # Ok::<(), mach_nix_conda::CondaVersionError>(())
/// ```
#[derive(Clone)]
pub struct CondaVersion {
    text: Box<str>,
    version: Version,
}

/// A text that is not the version of a conda package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not the version of a conda package: {reason}", text.escape_debug())]
pub struct CondaVersionError {
    text: String,
    reason: String,
}

impl CondaVersion {
    /// The version as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version, for the rest of the crate.
    pub(crate) fn version(&self) -> &Version {
        &self.version
    }
}

impl FromStr for CondaVersion {
    type Err = CondaVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: String| CondaVersionError {
            text: text.chars().take(MAX_LENGTH).collect(),
            reason,
        };
        if text.len() > MAX_LENGTH {
            return Err(error(format!("it has more than {MAX_LENGTH} characters")));
        }
        let version = text
            .parse()
            .map_err(|e: rattler_conda_types::ParseVersionError| error(e.kind.to_string()))?;
        Ok(Self {
            text: text.into(),
            version,
        })
    }
}

impl PartialEq for CondaVersion {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

impl Eq for CondaVersion {}

impl PartialOrd for CondaVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CondaVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.version.cmp(&other.version)
    }
}

impl Hash for CondaVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.version.hash(state);
    }
}

impl fmt::Display for CondaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for CondaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
    }
}
