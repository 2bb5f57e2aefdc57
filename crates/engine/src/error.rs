//! The errors of a lock request.

use mach_nix_manifest::{ManifestError, NoProviderLeft};
use mach_nix_model::{IndexError, Setting, Surface, Target};
use mach_nix_resolve::ResolveError;

/// The reason that a lock request failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No resolution for this target.
    #[error("{source}")]
    Unresolved {
        /// The target.
        target: Target,
        /// Why.
        source: ResolveError,
    },
    /// A chosen source cannot be built.
    #[error("{package} comes as a source, and {reason}")]
    Unbuildable {
        /// Name and version.
        package: String,
        /// Why.
        reason: String,
    },
    /// The dynamic metadata of a project is not available.
    #[error("the requirements of the project of `{file}` are dynamic metadata, and {reason}")]
    NoMetadata {
        /// The file that was given.
        file: String,
        /// Why.
        reason: String,
    },
    /// The index did not answer about a chosen file.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The requirements cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A snapshot was made from other indexes.
    #[error("{snapshot} was made from {}, and {} is asked for", held.join(" and "), asked.join(" and "))]
    OtherIndexes {
        /// The snapshot.
        snapshot: String,
        /// The indexes that it was made from.
        held: Vec<String>,
        /// The indexes of the request.
        asked: Vec<String>,
    },
    /// The formats that the files allow leave no provider.
    #[error(transparent)]
    Formats(NoProviderLeft),
    /// The request is not understood, or cannot be served.
    #[error("{0}")]
    Usage(String),
    /// The requirements are not for this target, such as its Python.
    #[error("{0}")]
    Incompatible(String),
}

/// The class of an error; each has its own exit code (docs/manual.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// The requirements cannot be met.
    Impossible,
    /// The input is not understood.
    Usage,
    /// Network, disk or Nix failed.
    External,
}

impl ErrorClass {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Impossible => "impossible",
            Self::Usage => "usage",
            Self::External => "external",
        }
    }
}

impl EngineError {
    /// The error with its remedies as a surface spells them.
    #[must_use]
    pub fn display(&self, surface: &dyn Surface) -> String {
        match self {
            Self::Unresolved {
                source: ResolveError::Refused(refusal),
                ..
            } => refusal.display(surface).to_string(),
            Self::Unresolved {
                source: ResolveError::Index(error),
                ..
            }
            | Self::Index(error) => error.display(surface),
            Self::Formats(error) => {
                let other = Setting::OtherProviders(error.package.clone());
                format!("{error}: allow another with {}", surface.spell(&other))
            }
            Self::OtherIndexes { .. } => format!("{self}: {}", surface.spell(&Setting::NoOtherIndexes)),
            _ => self.to_string(),
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Unresolved {
                source: ResolveError::Refused(_) | ResolveError::TwoPlaces { .. },
                ..
            }
            | Self::Unbuildable { .. }
            | Self::NoMetadata { .. }
            | Self::Incompatible(_) => ErrorClass::Impossible,
            Self::Manifest(_)
            | Self::OtherIndexes { .. }
            | Self::Formats(_)
            | Self::Usage(_)
            // Trying again would not change it.
            | Self::Unresolved {
                source: ResolveError::Index(IndexError::NotInSnapshot { .. } | IndexError::NotOfAnIndex { .. }),
                ..
            }
            | Self::Index(IndexError::NotInSnapshot { .. } | IndexError::NotOfAnIndex { .. }) => ErrorClass::Usage,
            Self::Unresolved {
                source: ResolveError::Index(_),
                ..
            }
            | Self::Index(_) => ErrorClass::External,
        }
    }
}
