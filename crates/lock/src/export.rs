//! A lock in other tools' formats.

mod cyclonedx;
mod pylock;
mod requirements;

use crate::targets::TargetSet;
use crate::{Lock, LockedPackage};

/// A lock that a format cannot express.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Python's formats know wheels and source distributions only.
    #[error(
        "`{package}` comes from {provider}, and {format} can only name wheels and source distributions: \
         choose another provider for it, as in `--provider {package}=wheel,sdist`, or another format"
    )]
    NotADistribution {
        /// The package.
        package: String,
        /// Its provider.
        provider: String,
        /// The format asked for.
        format: &'static str,
    },
}

/// What kind of file a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Wheel,
    Sdist,
}

impl Kind {
    /// # Errors
    /// When it is neither, and so cannot be said in `format`.
    fn of(package: &LockedPackage, format: &'static str) -> Result<Self, ExportError> {
        match package.provider.as_str() {
            "wheel" => Ok(Self::Wheel),
            "sdist" => Ok(Self::Sdist),
            provider => Err(ExportError::NotADistribution {
                package: package.name.to_string(),
                provider: provider.to_owned(),
                format,
            }),
        }
    }
}

impl Lock {
    /// The indices of the targets that an entry serves.
    #[must_use]
    pub fn targets_of(&self, package: &LockedPackage) -> TargetSet {
        match &package.targets {
            Some(targets) => targets.iter().copied().collect(),
            None => (0..self.targets.len()).collect(),
        }
    }
}
