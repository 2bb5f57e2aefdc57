//! Rules for pre-releases.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The rule for pre-releases (PEP 440, "Handling of pre-releases").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prerelease {
    /// Allows them like any other version.
    Allow,
    /// Never allows them.
    Disallow,
    /// Allows them if a requirement of the user names one, or if no other version satisfies the requirements.
    #[default]
    IfNecessaryOrExplicit,
}

/// A name that is not a rule for pre-releases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a rule for pre-releases: write allow, disallow or if-necessary-or-explicit")]
pub struct PrereleaseParseError(String);

impl FromStr for Prerelease {
    type Err = PrereleaseParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Allow, Self::Disallow, Self::IfNecessaryOrExplicit]
            .into_iter()
            .find(|rule| rule.to_string() == text)
            .ok_or_else(|| PrereleaseParseError(text.to_owned()))
    }
}

impl fmt::Display for Prerelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Disallow => "disallow",
            Self::IfNecessaryOrExplicit => "if-necessary-or-explicit",
        })
    }
}
