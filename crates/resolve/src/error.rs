//! Why there is no resolution.

use mach_nix_model::{IndexError, Requirement};

use crate::refusal::Refusal;

/// Why there is no resolution.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The requirements cannot be met.
    #[error("{}", .0.explanation())]
    Refused(Box<Refusal>),
    /// The index did not answer.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The user points to two places for one package.
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
