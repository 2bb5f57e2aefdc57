//! Errors of the resolver.

use mach_nix_model::{IndexError, Requirement};

use crate::refusal::Refusal;

/// A problem without a resolution.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The requirements cannot be met. [`Refusal::display`] also gives the remedies.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The index did not answer.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Two direct references for one package.
    #[error("{first} asks for `{}`, and {second} for `{}`: one package comes from one place, so drop one of them",
        .requirements[0], .requirements[1])]
    TwoPlaces {
        /// The origin of the first.
        first: String,
        /// The origin of the second.
        second: String,
        /// Both.
        requirements: Box<[Requirement; 2]>,
    },
}
