//! Errors of the resolver.

use mach_nix_model::{IndexError, Requirement};

use crate::refusal::Refusal;

/// A problem without a resolution.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The requirements cannot be met. [`Refusal::display`] includes the remedies.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A package has two direct references.
    #[error("{first} requires `{}`, and {second} requires `{}`: a package can have only one direct reference, so remove one of them",
        .requirements[0], .requirements[1])]
    TwoPlaces {
        /// The origin of the first.
        first: String,
        /// The origin of the second.
        second: String,
        /// The two requirements.
        requirements: Box<[Requirement; 2]>,
    },
}
