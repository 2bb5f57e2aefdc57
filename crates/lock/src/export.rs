//! Export of a lock to other tools' formats.

mod cyclonedx;
mod explicit;
mod pylock;
mod requirements;

use mach_nix_model::Provider;

use crate::targets::TargetSet;
use crate::{Lock, LockedPackage, LockedSource};

/// A lock that a format cannot express.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Python's formats support only wheels and source distributions.
    #[error("`{package}` comes from {provider}, and {format} can only name wheels and source distributions")]
    NotADistribution {
        /// The package.
        package: String,
        /// Its provider.
        provider: String,
        /// The requested format.
        format: &'static str,
    },
    /// An explicit file is for one system.
    #[error("an explicit file is for one system, and the lock is for {systems}: lock for one of them only")]
    SeveralSystems {
        /// The systems.
        systems: String,
    },
    /// An explicit file names conda packages only.
    #[error("the lock has no conda packages, and an explicit file names nothing else")]
    NothingOfConda,
    /// pip cannot check what it does not download as a file.
    #[error("`{package}` is not a file, and pip checks the hashes of files only")]
    NoFile {
        /// The package.
        package: String,
    },
}

/// The form in which a package is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A wheel of an index.
    Wheel,
    /// A source distribution of an index.
    Sdist,
    /// A direct reference.
    Place,
}

impl Kind {
    /// # Errors
    /// If it is neither, and so cannot be expressed in `format`.
    fn of(package: &LockedPackage, format: &'static str) -> Result<Self, ExportError> {
        match &package.provider {
            Provider::Wheel | Provider::Sdist if !matches!(package.source, LockedSource::Index(_)) => {
                Ok(Self::Place)
            }
            Provider::Wheel => Ok(Self::Wheel),
            Provider::Sdist => Ok(Self::Sdist),
            provider => Err(ExportError::NotADistribution {
                package: package.name.to_string(),
                provider: provider.to_string(),
                format,
            }),
        }
    }
}

impl Lock {
    /// The lock for use from another folder, with each path transformed by `moved`.
    #[must_use]
    pub fn with_paths(mut self, moved: impl Fn(&str) -> String) -> Self {
        for package in &mut self.packages {
            if let LockedSource::Path { path, .. } = &mut package.source {
                *path = moved(path);
            }
            if let LockedSource::Conda(conda) = &mut package.source {
                for address in [&mut conda.channel, &mut conda.file.url] {
                    if !address.contains("://") {
                        *address = moved(address);
                    }
                }
            }
        }
        self
    }

    /// The indices of an entry's targets.
    #[must_use]
    pub fn targets_of(&self, package: &LockedPackage) -> TargetSet {
        match &package.targets {
            Some(targets) => targets.iter().copied().collect(),
            None => (0..self.targets.len()).collect(),
        }
    }
}
