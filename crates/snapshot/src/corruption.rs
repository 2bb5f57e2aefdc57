//! Corruption that a reader found.

/// The check that found the damage; the name of the file is added by [`ReadFailure::with`](crate::error::ReadFailure::with).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corruption(pub String);

impl Corruption {
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
