//! Names of conda packages.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

/// Maximum length of a name. CEP 26 allows 64 characters; a few older packages have more.
const MAX_LENGTH: usize = 128;

/// The name of a conda package: lower case, where `_`, `-` and `.` are different.
///
/// It is not the name of a Python project, which conda packages often have under another name: see
/// [`owners`](crate::owners).
///
/// ```
/// use mach_nix_conda::CondaName;
///
/// let name: CondaName = "_libgcc_mutex".parse()?;
/// assert_ne!(name, "-libgcc-mutex".parse()?);
/// assert_eq!("PyYAML".parse::<CondaName>()?.as_str(), "pyyaml");
/// # Ok::<(), mach_nix_conda::CondaNameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CondaName(Box<str>);

/// A text that is not the name of a conda package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not the name of a conda package: such names have up to {MAX_LENGTH} of the characters a-z, 0-9, `_`, `-` and `.`", .0.escape_debug())]
pub struct CondaNameError(String);

impl CondaName {
    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names a virtual package, which stands for a property of the target (CEP 30).
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        self.0.starts_with("__")
    }
}

impl FromStr for CondaName {
    type Err = CondaNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        if text.is_empty() || text.len() > MAX_LENGTH || !text.bytes().all(allowed) {
            return Err(CondaNameError(text.chars().take(MAX_LENGTH).collect()));
        }
        Ok(Self(text.to_ascii_lowercase().into()))
    }
}

impl Borrow<str> for CondaName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CondaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for CondaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
