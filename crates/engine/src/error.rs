//! Errors of a lock request.

use mach_nix_manifest::{ManifestError, NoProviderLeft};
use mach_nix_model::{IndexError, Setting, Surface, Target};
use mach_nix_resolve::ResolveError;

/// The reason for the failure of a lock request.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No resolution for this target.
    #[error("{source}")]
    Unresolved {
        /// The target.
        target: Target,
        /// The cause.
        source: ResolveError,
    },
    /// A chosen source cannot be built.
    #[error("{package} must be built from source, and {reason}")]
    Unbuildable {
        /// Name and version.
        package: String,
        /// The reason.
        reason: String,
    },
    /// The dynamic metadata of a project is not available.
    #[error("the requirements of the project of `{file}` are dynamic metadata, and {reason}")]
    NoMetadata {
        /// The input file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The index failed for a chosen file.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The requirements are invalid.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The snapshot was made from other indexes.
    #[error("{snapshot} was made from {}, and {} is requested", held.join(" and "), asked.join(" and "))]
    OtherIndexes {
        /// The snapshot.
        snapshot: String,
        /// The indexes of the snapshot.
        held: Vec<String>,
        /// The indexes of the request.
        asked: Vec<String>,
    },
    /// The formats allowed by the files exclude all providers.
    #[error(transparent)]
    Formats(NoProviderLeft),
    /// The request is invalid or not supported.
    #[error("{0}")]
    Usage(String),
    /// The requirements do not support this target, such as its Python.
    #[error("{0}")]
    Incompatible(String),
}

/// The class of an error; each has its exit code (docs/manual.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// The requirements cannot be met.
    Impossible,
    /// The input is invalid.
    Usage,
    /// Network, disk or Nix failed.
    External,
}

impl ErrorClass {
    /// The name in JSON.
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
    /// The error with its remedies in the surface's notation.
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

    /// The class of the error.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Unresolved {
                source: ResolveError::Refused(_) | ResolveError::TwoPlaces { .. },
                ..
            }
            | Self::Unbuildable { .. }
            | Self::NoMetadata { .. }
            | Self::Incompatible(_)
            | Self::Unresolved {
                source: ResolveError::Index(IndexError::UnreachedCommit { .. }),
                ..
            }
            | Self::Index(IndexError::UnreachedCommit { .. }) => ErrorClass::Impossible,
            Self::Manifest(_)
            | Self::OtherIndexes { .. }
            | Self::Formats(_)
            | Self::Usage(_)
            // A retry would not help.
            | Self::Unresolved {
                source: ResolveError::Index(IndexError::NotInSnapshot { .. } | IndexError::NotOfAnIndex { .. } | IndexError::NoChannels { .. }),
                ..
            }
            | Self::Index(IndexError::NotInSnapshot { .. } | IndexError::NotOfAnIndex { .. } | IndexError::NoChannels { .. }) => ErrorClass::Usage,
            Self::Unresolved {
                source: ResolveError::Index(_),
                ..
            }
            | Self::Index(_) => ErrorClass::External,
        }
    }
}
